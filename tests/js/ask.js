// node ask.js QUESTIONS.json ANSWERS.json: what the page makes of texts and logits; test_box_page.py holds it against Python.

import { readFileSync, writeFileSync } from "node:fs";
import { answerer } from "../../mtl_tutorial/widgets/lab/answers.js";
import { cut } from "../../mtl_tutorial/widgets/lab/cut.js";

const { cuts, described, colors, texts, logits } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const answered = texts?.map((text, i) => answerer(described, colors, async () => logits[i])(text));
const found = {
	cuts: cuts?.map(({ how, texts }) => texts.map((text) => cut(text, how))),
	answers: answered && (await Promise.all(answered)),
};
writeFileSync(process.argv[3], JSON.stringify(found));
