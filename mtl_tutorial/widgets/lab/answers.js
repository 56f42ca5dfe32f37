// From a sentence to what the sentence box shows, with what goes with a model: as sentence_box.py has it.

import { cut } from "./cut.js";

const UNKNOWN = 1; // the id of tokens that the vocabulary does not have
const MOST_NAMED = 8; // unknown words that are listed

/** @param {number[]} logits */
function shares(logits) {
	const highest = Math.max(...logits);
	const parts = logits.map((value) => Math.exp(value - highest));
	const sum = parts.reduce((a, b) => a + b);
	return parts.map((part) => part / sum);
}

/** @param {number[]} values */
function highest(values) {
	return values.indexOf(Math.max(...values));
}

/** The labels whose logits together are highest, of the sequences that the tags' rules allow.
 * @param {number[][]} logits [tokens, labels] @param {any} task @returns {number[]} label ids */
export function bestSequence(logits, { labels, only_after: rules }) {
	const may = labels.map((/** @type {string} */ label) => [...labels, null].map((before) => !rules[label] || rules[label].includes(before)));
	const cameFrom = [];
	let best = logits[0].map((value, label) => (may[label][labels.length] ? value : -Infinity));
	for (const token of logits.slice(1)) {
		const from = token.map((_, label) => highest(best.map((value, before) => (may[label][before] ? value : -Infinity))));
		best = token.map((value, label) => (may[label][from[label]] ? best[from[label]] : -Infinity) + value);
		cameFrom.push(from);
	}
	const path = [highest(best)];
	for (const from of cameFrom.reverse()) path.unshift(from[path[0]]);
	return path;
}

/** The entities that BIO tags mark: first token, the one beyond the last, type.
 * @param {string[]} tags @returns {[number, number, string][]} */
export function spans(tags) {
	/** @type {[number, number, string][]} */
	const found = [];
	tags.forEach((tag, i) => {
		const last = found[found.length - 1];
		if (tag[0] === "B") found.push([i, i + 1, tag.slice(2)]);
		else if (tag[0] === "I" && last?.[1] === i && last[2] === tag.slice(2)) last[1] = i + 1;
	});
	return found;
}

/** What answers a text, as plain data that box.js draws.
 * @param {any} described what `handover.described` says of the model
 * @param {{ tasks: Record<string, string>, entities: string[] }} colors
 * @param {(ids: number[]) => Promise<Record<string, number[][]>>} compute token ids → task → logits */
export function answerer(described, colors, compute) {
	const ids = new Map(described.vocabulary.map((/** @type {string} */ token, /** @type {number} */ id) => [token, id]));
	const idOf = (/** @type {string} */ token) => Math.max(ids.get(token) ?? UNKNOWN, UNKNOWN);

	/** @param {string} text @param {number[][]} places @param {string[]} labels @param {number[]} best */
	function pieces(text, places, labels, best) {
		const types = [...new Set(labels.filter((label) => label !== "O").map((label) => label.slice(2)))];
		const found = [];
		let at = 0;
		for (const [first, beyond, entity] of spans(best.map((id) => labels[id]))) {
			const [start, end] = [places[first][0], places[beyond - 1][1]];
			const color = colors.entities[types.indexOf(entity) % colors.entities.length];
			found.push({ text: text.slice(at, start) }, { text: text.slice(start, end), entity, color });
			at = end;
		}
		return [...found, { text: text.slice(at) }];
	}

	/** @param {string} text */
	return async (text) => {
		const { tokens, places } = cut(text, described.text);
		if (!tokens.length) throw Error(`no token in sentence ${JSON.stringify(text)}`);
		const marked = [], rows = [];
		const logits = await compute(tokens.map(idOf));
		for (const [task, { kind, labels, only_after }] of Object.entries(described.tasks)) {
			if (kind === "token") marked.push(pieces(text, places, labels, bestSequence(logits[task], { labels, only_after })));
			else {
				const sure = shares(logits[task][0]), best = highest(sure);
				rows.push({ task, label: labels[best], probability: sure[best], color: colors.tasks[task] });
			}
		}
		const unknown = tokens.filter((token) => idOf(token) === UNKNOWN);
		const named = [...new Set(unknown)];
		return {
			marked, rows, unknown: [...named.slice(0, MOST_NAMED), ...(named.length > MOST_NAMED ? ["…"] : [])],
			guess: 2 * unknown.length >= tokens.length,
		};
	};
}
