/**
 * Trains nlp.js or asks it questions, as its README says: default settings, nothing saved by itself.
 *
 * Usage: node nlpjs_peer.mjs train MODEL EXAMPLES
 *        node nlpjs_peer.mjs parse MODEL QUESTIONS ANSWERS   (see tools/bench_nlu.py, which runs it)
 */
import { readFile, writeFile } from "node:fs/promises";
import { dockStart } from "@nlpjs/basic";
import { LangFr } from "@nlpjs/lang-fr";

async function french() {
  const dock = await dockStart({ use: ["Basic"] });
  dock.getContainer().use(LangFr);
  const nlp = dock.get("nlp");
  nlp.settings.autoSave = false;
  nlp.addLanguage("fr");
  return nlp;
}

async function train(model, examples) {
  const nlp = await french();
  for (const { text, intent } of await readJson(examples)) nlp.addDocument("fr", text, intent);
  await nlp.train();
  await writeFile(model, nlp.export(true));
}

async function parse(model, questions, answers) {
  const nlp = await french();
  nlp.import(await readFile(model, "utf8"));
  const { warm_up: warmUp, questions: texts } = await readJson(questions);
  for (const text of warmUp) await nlp.process("fr", text);
  const found = [];
  for (const text of texts) {
    const started = performance.now();
    const { intent, classifications } = await nlp.process("fr", text);
    const milliseconds = performance.now() - started;
    // Intents that score nothing are listed in no order.
    const ranking = classifications.filter(({ score }) => score > 0).map((item) => item.intent);
    found.push({ intent, ranking, milliseconds });
  }
  // Node counts in kibibytes, the highest so far.
  await writeFile(answers, JSON.stringify({ answers: found, memory: process.resourceUsage().maxRSS / 1024 }));
}

async function readJson(path) {
  return JSON.parse(await readFile(path, "utf8"));
}

const [step, ...paths] = process.argv.slice(2);
await (step === "train" ? train : parse)(...paths);
