'use strict';
// Words of all pages: lines, and sayings of several lines. Saying 0 is empty.
const lines = [], sayings = [[]], pages = [];
// `regions`: [x, y, width, height, rows, columns, first saying, how many that follow it, ...].
function add(newLines, newSayings, regions, parts) {
  for (const line of newLines) lines.push(line);
  for (const saying of newSayings) sayings.push(saying);
  pages.push({ regions, parts });
}
