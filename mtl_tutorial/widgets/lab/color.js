// Colors that can be read on whatever ground the host has.

/** "#0072B2" or "rgb(0 114 178 / 1)" → [0, 114, 178, 1]; what is neither is clear.
 * @param {string} text */
export function parse(text) {
	const hex = /^#([0-9a-f]{6})$/i.exec(text.trim());
	if (hex) return [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16)).concat(1);
	const numbers = /^rgba?\(/.test(text) ? (text.match(/[\d.]+/g) ?? []).map(Number) : [0, 0, 0, 0];
	return [...numbers.slice(0, 3), numbers[3] ?? 1];
}

/** Relative luminance (WCAG 2), 0 to 1.
 * @param {number[]} color */
export function luminance(color) {
	const [r, g, b] = color.map((v) => {
		const part = v / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio (WCAG 2), 1 to 21.
 * @param {number[]} a @param {number[]} b */
export function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever is read better on a color.
 * @param {string} color */
export function inkOn(color) {
	const ground = parse(color);
	return contrast([255, 255, 255], ground) >= contrast([0, 0, 0], ground) ? "#fff" : "#000";
}

/** The color itself, or as much nearer to black or white as text of it needs on the paper.
 * @param {string} color @param {string} paper @param {number} enough */
export function legible(color, paper, enough = 4.6) {
	const ground = parse(paper);
	const end = contrast([0, 0, 0], ground) > contrast([255, 255, 255], ground) ? 0 : 255;
	const from = parse(color).slice(0, 3);
	for (let part = 0; part <= 1; part += 0.05) {
		const mixed = from.map((v) => Math.round(v + part * (end - v)));
		if (contrast(mixed, ground) >= enough) return `rgb(${mixed.join(", ")})`;
	}
	return end ? "rgb(255, 255, 255)" : "rgb(0, 0, 0)";
}

/** The color that an element stands on: that of the nearest ancestor that has one.
 * @param {Element} element */
export function paperOf(element) {
	for (let node = /** @type {Element | null} */ (element); node; node = node.parentElement) {
		const color = getComputedStyle(node).backgroundColor;
		if (parse(color)[3] > 0.5) return color;
	}
	return matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#ffffff";
}
