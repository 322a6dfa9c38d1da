// Prints the scopes that the engine of Visual Studio Code gives to a text, a line a token.
// node scopes.js GRAMMAR FILE, with vscode-textmate and vscode-oniguruma in the folder that it is called from.
const fs = require("fs");
const from = require("module").createRequire(process.cwd() + "/");
const { INITIAL, Registry, parseRawGrammar } = from("vscode-textmate");
const oniguruma = from("vscode-oniguruma");

async function main(grammarPath, path) {
  const wasm = from.resolve("vscode-oniguruma").replace(/main\.js$/, "onig.wasm");
  await oniguruma.loadWASM(fs.readFileSync(wasm).buffer);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(grammarPath, "utf8"), grammarPath),
  });
  const grammar = await registry.loadGrammar("source.wf");
  let state = INITIAL;
  for (const line of fs.readFileSync(path, "utf8").split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const text = line.slice(startIndex, endIndex).trim();
      if (text) console.log(JSON.stringify(text), scopes.slice(1).map((name) => name.replace(/\.wf$/, "")).join(" "));
    }
  }
}

main(process.argv[2], process.argv[3]);
