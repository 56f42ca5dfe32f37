// Text cut into tokens as Python cuts it (cutting.py), by the rules that handover.py writes.

const WORD = "\\p{L}\\p{N}_";
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ALONE = { "\\w": `[${WORD}]`, "\\W": `[^${WORD}]`, "\\s": `[${SPACE}]`, "\\b": `(?![${WORD}])` };

/** Python's regular expression as the same one here, where \w, \s and \b know ASCII alone.
 * A \b must stand behind a letter, as it does in the tokenizer's.
 * @param {string} python */
export function expression(python) {
	const long = python.replace(/\\U([0-9a-f]{8})/gi, "\\u{$1}");
	const same = long.replace(/\[(\^?)((?:[^\]\\]|\\.)*)\]|\\[wWsb]/gu, (piece, not, inside) => {
		if (inside === undefined) return ALONE[piece];
		if (not && inside.startsWith("\\W")) return `(?:(?![${inside.slice(2)}])[${WORD}])`;
		return `[${not}${inside.replaceAll("\\w", WORD).replaceAll("\\s", SPACE)}]`;
	});
	return RegExp(same, "gu");
}

/** @param {string} text @param {any} how */
function spelled(text, how) {
	return Array.from(text.normalize(how.normalize), (letter) => how.replace[letter] ?? letter).join("");
}

/** A text's tokens, and of each its first place in the text and the one after its last.
 * @param {string} text @param {any} how what `handover.described` calls "text"
 * @returns {{ tokens: string[], places: number[][] }} */
export function cut(text, how) {
	const normal = spelled(text, how);
	const small = (/** @type {string} */ token) => (how.lower_case ? token.toLowerCase() : token);
	const joined = new Set(how.joined);
	const pieces = Array.from(normal.matchAll(expression(how.pattern)), ({ index, 0: token }) => [index, index + token.length]);
	const places = [];
	for (let first = 0; first < pieces.length; ) {
		const start = pieces[first][0];
		let last = first;
		if (joined.size)
			for (let next = first + 1; next < pieces.length; next++)
				if (joined.has(small(normal.slice(start, pieces[next][1])))) last = next;
		places.push([start, pieces[last][1]]);
		first = last + 1;
	}
	const tokens = places.map(([start, end]) => small(normal.slice(start, end)));
	return { tokens, places: normal === text ? places : placesIn(text, places, how) };
}

/** Places in the normal spelling as places in the text itself, where a letter may be longer.
 * @param {string} text @param {number[][]} places @param {any} how */
function placesIn(text, places, how) {
	const reached = Array.from({ length: text.length + 1 }, (_, i) => spelled(text.slice(0, i), how).length);
	return places.map((ends) => ends.map((place) => reached.findLastIndex((there) => there <= place)));
}
