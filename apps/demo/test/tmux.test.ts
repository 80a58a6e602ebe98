import { expect, test } from "bun:test";
import { TestRuntime } from "./support/test-runtime.ts";
import { Tmux } from "./support/tmux.ts";

const missing = Tmux.missing();
const bash = ["-e", "PS1=$ ", "-e", "LESS=", "--", "bash", "--norc", "--noprofile"];
const sleeper = "sh -c 'echo started; exec sleep 600'";
const title = (name: string) => (missing ? `${name} (skipped: ${missing})` : name);

test.skipIf(Boolean(missing))(title("a shell: typing, ^C, a detach and an attach"), async () => {
  await using taskio = new TestRuntime();
  await using tmux = new Tmux(taskio.dir, taskio.env);
  await tmux.start(["sh"], 80, 24); // a shell that taskio is left to
  await tmux.shows(/outer>$/);
  const run = [...taskio.command, "run", "-it", "--name", "shell", ...bash].map(quote).join(" ");
  await tmux.type("-l", `clear; ${run}`);
  await tmux.type("Enter");
  await tmux.shows(/^\$$/);
  await tmux.type("echo $((6*7))", "Enter");
  await tmux.shows(/^42\n\$$/m); // what is typed before the prompt is shown twice
  await tmux.type("-l", sleeper);
  await tmux.type("Enter");
  await tmux.shows(/^started$/m); // by now it is the terminal's foreground job
  await tmux.type("C-c");
  await tmux.shows(/\^C\n\$$/);
  await tmux.type("echo code $?", "Enter");
  await tmux.shows(/code 130\n\$$/);
  expect(await tmux.screen()).toBe(
    [
      ...["$ echo $((6*7))", "42", `$ ${sleeper}`, "started", "^C"],
      ...["$ echo code $?", "code 130", "$"],
    ].join("\n"),
  );
  await tmux.type("C-p", "C-q");
  await tmux.shows(/taskio: detached from shell.*attach shell"/s);
  const attach = [...taskio.command, "attach", "shell"].map(quote).join(" ");
  await tmux.type("-l", `clear; ${attach}`);
  await tmux.type("Enter");
  await tmux.shows(/^\$$/m); // bash draws its prompt anew
  await tmux.type("echo back again", "Enter");
  await tmux.shows(/^back again$/m);
  await tmux.type("exit 3", "Enter");
  await tmux.shows(/^outer>$/m);
  await tmux.type("-l", "echo and we are out: $?");
  await tmux.type("Enter");
  await tmux.shows(/^and we are out: 3$/m);
});

test.skipIf(Boolean(missing))(title("less: a resize redraws it, an attach too"), async () => {
  await using taskio = new TestRuntime();
  await using tmux = new Tmux(taskio.dir, taskio.env);
  const less = ["-e", "LESS=", "--", "sh", "-c", "seq 1 500 > $TASK_FILE; exec less $TASK_FILE"];
  const file = `TASK_FILE=${taskio.dir}/numbers`;
  const run = [...taskio.command, "run", "-it", "--name", "less", "-e", file, ...less];
  await tmux.start(["sh", "-c", `${run.map(quote).join(" ")}; exec sh`], 80, 24);
  await tmux.shows(isPage(1, 23));
  await tmux.resize(60, 15);
  await tmux.shows(isPage(1, 14));
  await tmux.type("Space");
  await tmux.shows(isPage(15, 28));
  await tmux.resize(60, 30);
  await tmux.shows(isPage(15, 43));
  await tmux.type("C-p", "C-q");
  await tmux.shows(/detached from less/);
  await tmux.type("-l", `clear; ${[...taskio.command, "attach", "less"].map(quote).join(" ")}`);
  await tmux.type("Enter");
  await tmux.shows(isPage(15, 43)); // the same page, drawn anew
  await tmux.type("q");
  await taskio.untilState("less", "stopped");
});

test.skipIf(Boolean(missing) || !Bun.which("top"))(title("top follows the size"), async () => {
  await using taskio = new TestRuntime();
  await using tmux = new Tmux(taskio.dir, taskio.env);
  const run = [...taskio.command, "run", "-it", "--rm", "--", "top", "-d", "600"];
  await tmux.start([...run], 80, 24);
  await tmux.shows(/PID USER/);
  await tmux.resize(80, 12);
  await tmux.shows((screen) => /PID USER/.test(screen) && screen.split("\n").length <= 12);
  await tmux.type("q");
  await Bun.sleep(300);
});

/** Whether less shows these lines and its prompt. */
function isPage(first: number, last: number): (screen: string) => boolean {
  const lines = Array.from({ length: last - first + 1 }, (_, at) => `${first + at}`);
  return (screen) => {
    const shown = screen.split("\n");
    return shown.length === lines.length + 1 && lines.every((line, at) => shown[at] === line);
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
