/* SHA-256 (FIPS 180-4) by hand: browsers lend theirs on secure addresses only, and one call at a time. Texts are ASCII. */
const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  let found = 0;
  const fraction = (value) => ((value - Math.floor(value)) * 4294967296) | 0;
  for (let candidate = 2; found < 64; candidate += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(candidate));
    K[found] = fraction(Math.cbrt(candidate));
    found += 1;
  }
}
const W = new Uint32Array(64);
const turn = (value, by) => (value >>> by) | (value << (32 - by));

const digest = (text) => {
  const blocks = ((text.length + 8) >> 6) + 1;
  const words = new Uint32Array(blocks * 16);
  for (let at = 0; at < text.length; at += 1) words[at >> 2] |= text.charCodeAt(at) << (24 - (at & 3) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8);
  words[words.length - 1] = text.length * 8;
  const state = Uint32Array.from(START);
  for (let block = 0; block < blocks; block += 1) {
    for (let at = 0; at < 16; at += 1) W[at] = words[block * 16 + at];
    for (let at = 16; at < 64; at += 1) {
      const early = W[at - 15];
      const late = W[at - 2];
      const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
      const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
      W[at] = (W[at - 16] + s0 + W[at - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[at] + W[at]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, place) => { state[place] += value; });
  }
  return [...state].map((value) => value.toString(16).padStart(8, "0")).join("");
};

addEventListener("message", ({ data }) => {
  for (let number = 0; number <= data.maxNumber; number += 1) {
    if (digest(data.salt + number) === data.challenge) { postMessage(number); return; }
  }
  postMessage(null);
});
