// The sentence box without a kernel: a network small enough to compute by hand, and the box's model.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answerer, bestSequence, spans } from "../../mtl_tutorial/widgets/lab/answers.js";
import { BoxModel } from "../../mtl_tutorial/widgets/lab/box_page.js";
import { network } from "../../mtl_tutorial/widgets/lab/network.js";

const RULES = { labels: ["O", "B-A", "I-A"], only_after: { "I-A": ["B-A", "I-A"] } };
const VALUES = {
	"words/embeddings": [[3, 1], [9, 1, 2]], // <pad>, <unk>, "a"
	"up/kernel": [[3, 1, 1], [100, 10, 1]], // the token before, itself, the one after
	"up/bias": [[1], [-12]],
	"mood_head/kernel": [[1, 2], [1, -1]],
	"mood_head/bias": [[2], [0, 0.5]],
	"name_head/kernel": [[1, 3], [0, 1, 2]],
	"name_head/bias": [[3], [150, 0, 0]],
};
const packed = {
	text: { normalize: "NFC", replace: {}, pattern: "[^\\s]", joined: [], lower_case: false },
	vocabulary: ["<pad>", "<unk>", "a"],
	tasks: { mood: { kind: "sequence", labels: ["good", "bad"] }, name: { kind: "token", ...RULES } },
	paths: { mood: ["words", "up"], name: ["words", "up"] },
	arrays: Object.fromEntries(Object.entries(VALUES).map(([name, [shape]]) => [name, shape])),
	weights: Buffer.from(new Float32Array(Object.values(VALUES).flatMap(([, values]) => values)).buffer).toString("base64"),
};
const colors = { tasks: { mood: "#111111" }, entities: ["#eeeeee"] };

test("a convolution reads the neighbors and zeros beyond the ends; pooling takes the highest", () => {
	// Ids 2 1 2: windows 0·100+2·10+1·1, 2·100+1·10+2·1, 1·100+2·10+0·1, each less 12.
	const { mood, name } = network(packed)([2, 1, 2]);
	assert.deepEqual(mood, [[200, -199.5]]);
	assert.deepEqual(name, [[150, 9, 18], [150, 200, 400], [150, 108, 216]]);
	assert.deepEqual(network(packed)([1]).mood, [[0, 0.5]]); // 10 − 12: ReLU gives 0
});

test("the best sequence keeps to the rules of the tags", () => {
	assert.deepEqual(bestSequence([[5, 4, 9], [2, 2, 6]], RULES), [1, 2]);
	assert.deepEqual(bestSequence([[5, 1, 9], [2.5, 2, 3]], RULES), [0, 0]); // no I-A after O, however sure
	assert.deepEqual(spans(["B-A", "I-A", "B-A", "O", "B-B", "I-B"]), [[0, 2, "A"], [2, 3, "A"], [4, 6, "B"]]);
});

test("a typed line is answered, an empty one is not, and what goes wrong is said", () => {
	const model = new BoxModel({ words: {} }, answerer(packed, colors));
	const drawn = [];
	model.on("change:answer", () => drawn.push(model.get("typed")));
	model.send({ typed: " a<a " });
	const { marked, rows, unknown, guess } = model.get("answer");
	assert.equal(marked[0].map((piece) => piece.text).join(""), "a<a");
	assert.deepEqual(marked[0].filter((piece) => piece.entity), [{ text: "a<a", entity: "A", color: "#eeeeee" }]);
	assert.deepEqual([rows[0].task, rows[0].label, rows[0].color], ["mood", "good", "#111111"]);
	assert.deepEqual([unknown, guess], [["<"], false]);
	model.send({ typed: "  " });
	assert.deepEqual(model.get("answer"), {});
	model.answer = () => { throw Error("broken"); };
	model.send({ typed: "a" });
	assert.equal(model.get("trouble").what, "broken");
	assert.deepEqual(drawn, ["a<a", "", "a"]);
});

test("special tokens that somebody types are unknown words", () => {
	const whole = { ...packed, text: { ...packed.text, pattern: "[^\\s]+" } };
	assert.deepEqual(answerer(whole, colors)("<pad> a").unknown, ["<pad>"]);
});
