import { basename } from "node:path";
import { contentsOf, type Tarballs } from "./pack.ts";

/** A registry of tarballs on this machine, for a client that takes its address from its environment. */
export class LocalRegistry implements AsyncDisposable {
  readonly #server: Bun.Server<undefined>;

  private constructor(server: Bun.Server<undefined>) {
    this.#server = server;
  }

  /** Serves these and nothing else. */
  static async start(tarballs: Tarballs): Promise<LocalRegistry> {
    const files = new Map(Object.values(tarballs).map((path) => [basename(path), path]));
    const manifests = new Map<string, object>();
    for (const [name, path] of Object.entries(tarballs)) {
      manifests.set(name, await manifestIn(path));
    }
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request): Response {
        const { origin, pathname } = new URL(request.url);
        const name = decodeURIComponent(pathname).slice(1);
        const file = files.get(name);
        if (file !== undefined) return new Response(Bun.file(file));
        const manifest = manifests.get(name);
        if (manifest === undefined) return new Response("{}", { status: 404 });
        const tarball = `${origin}/${basename(tarballs[name]!)}`;
        return Response.json(document(name, manifest, tarball));
      },
    });
    return new LocalRegistry(server);
  }

  get url(): string {
    return this.#server.url.href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true);
  }
}

async function manifestIn(tarball: string): Promise<object> {
  return JSON.parse(await (await contentsOf(tarball)).get("package.json")!.text());
}

/** What a registry tells of a package; its name is the one that was asked for. */
function document(name: string, manifest: object, tarball: string): object {
  const { version } = manifest as { version: string };
  const versions = { [version]: { ...manifest, name, dist: { tarball } } };
  return { name, "dist-tags": { latest: version }, versions };
}
