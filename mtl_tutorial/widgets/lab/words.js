// The catalogue's texts, which Python hands over, with their fields filled in.

/** @typedef {(key: string, values?: Record<string, any>) => string} Say */

/** What says the texts of a catalogue.
 * @param {Record<string, string>} words @returns {Say} */
export function sayer(words) {
	return (key, values = {}) => {
		if (!(key in words)) throw Error(`the catalogue has no "${key}"`);
		return words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
	};
}

/** Tasks in a row, as the language has it.
 * @param {Say} say @param {string[]} tasks */
export function listed(say, tasks) {
	return tasks.join(say("comma"));
}

/** 12345 → "12,345".
 * @param {number} number */
export function thousands(number) {
	return number.toLocaleString("en-US");
}

/** Points with their sign, as type has it: "+1.5", "−1.5"; "–" where there are none.
 * @param {number | null | undefined} points */
export function signed(points) {
	if (points === null || points === undefined) return "–";
	const text = Math.abs(points).toFixed(1);
	return text === "0.0" ? text : (points < 0 ? "−" : "+") + text;
}

/** Whether it can be told that a task gains or loses.
 * @param {any} of a task's result */
export function certain(of) {
	return of.verdict === "gains" || of.verdict === "loses";
}
