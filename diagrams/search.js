/* Searches the parts of the book, which search.awk collected, for all the words
 * after ?q= in the address. Loaded by search.html alone. */
"use strict";

const asked = new URLSearchParams(location.search).get("q") || "";
const words = asked.toLowerCase().split(/\s+/).filter(Boolean);

function times(text, word) {
	return text.toLowerCase().split(word).length - 1;
}

/* 0 when a word is missing; a word in a heading weighs more than in a text. */
function weight([, title, heading, text]) {
	let sum = words.length ? 1 : 0;

	for (const word of words) {
		const found = 20 * times(heading, word) +
			10 * times(title, word) + times(text, word);

		sum = found && sum ? sum + found : 0;
	}
	return sum;
}

/* What stands around the first word, with every word marked. */
function excerpt(text, into) {
	const at = Math.max(0, text.toLowerCase().indexOf(words[0]) - 60);
	const piece = text.slice(at, at + 220);
	const escaped = words.map(w => w.replace(/[^\w]/g, "\\$&"));
	const pattern = new RegExp("(" + escaped.join("|") + ")", "i");

	piece.split(pattern).forEach((bit, i) => {
		const node = document.createElement(i % 2 ? "mark" : "span");

		node.textContent = bit;
		into.append(node);
	});
}

function show(part) {
	const item = document.createElement("li");
	const link = document.createElement("a");
	const said = document.createElement("p");

	link.href = part[0];
	link.textContent = part[2] ? part[1] + " - " + part[2] : part[1];
	excerpt(part[3], said);
	item.append(link, said);
	return item;
}

const found = parts.map(p => [weight(p), p]).filter(([w]) => w)
	.sort((a, b) => b[0] - a[0]).slice(0, 40).map(([, p]) => show(p));

document.querySelector("[name=q]").value = asked;
document.querySelector("#found").append(...found);
document.querySelector("#said").textContent = words.length === 0 ?
	"Type a word or two into the box above." :
	found.length ? "" : "Nothing in this book has all of: " + asked;
