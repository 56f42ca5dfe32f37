// node ask.js QUESTIONS.json ANSWERS.json: what the page computes; test_box_page.py holds it against Python.

import { readFileSync, writeFileSync } from "node:fs";
import { answerer } from "../../mtl_tutorial/widgets/lab/answers.js";
import { cut } from "../../mtl_tutorial/widgets/lab/cut.js";
import { network } from "../../mtl_tutorial/widgets/lab/network.js";

const { cuts, packed, colors, ids, texts } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const found = {
	cuts: cuts?.map(({ how, texts }) => texts.map((text) => cut(text, how))),
	logits: packed && ids.map(network(packed)),
	answers: packed && texts.map(answerer(packed, colors)),
};
writeFileSync(process.argv[3], JSON.stringify(found));
