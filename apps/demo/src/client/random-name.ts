const qualities =
  "able agile airy amber ample apt azure bold brave brief bright brisk calm candid clear clever cool coral cosy crisp deft eager early easy fair fond frank free fresh gentle glad golden good grand happy hardy honest jolly keen kind light lively lucid lucky mellow merry mild neat nimble noble olive patient plain proud quick quiet rapid ready rosy round sage sharp shiny silent simple sleek smart snug sober solid spry steady still sunny swift tidy trim true vivid warm wise witty young".split(
    " ",
  );
const animals =
  "ant badger bat bear beaver bee bison boar camel cat civet cod crab crane crow deer dingo dog dolphin dove duck eagle eel elk falcon ferret finch fox frog gecko goat goose gull hare hawk hen heron horse ibex ibis jay kiwi koala lark lemur lion lizard llama lynx magpie marten mole moose moth mouse newt orca otter owl ox panda perch pike pony puffin puma quail rabbit raven ray robin salmon seal shark sheep shrew sloth snail sparrow squid stork swan swift tapir tern tiger toad trout turtle vole walrus wasp whale wolf wombat wren yak zebra".split(
    " ",
  );

/** A name for a task that nobody named: one that can be said, and typed. */
export function randomName(): string {
  return `${pick(qualities)}-${pick(animals)}`;
}

function pick(words: readonly string[]): string {
  return words[Math.floor(Math.random() * words.length)]!;
}
