"use strict";
const facts = JSON.parse(document.getElementById("facts").textContent);
const report = document.getElementById("report");
const filter = document.getElementById("filter");
const uncounted = document.getElementById("uncounted");

/** An element with a class, children and attributes. Text is only ever text. */
function element(name, className = "", children = [], attributes = {}) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Text in which names stand between backquotes. */
const prose = (text) => text.split("`").map((part, index) => index % 2 ? element("code", "", [part]) : part);

const many = (count, one, more = one + "s") => `${count} ${count === 1 ? one : more}`;

/** The findings, each with its words for the filter. */
const shownFindings = [];

function findings(lines) {
  const items = lines.map((line) => element("li", line.level, [
    element("span", "kind", [line.kind]),
    ...prose(line.message),
    ...(line.place ? [" ", element("code", "place", [line.place])] : []),
    ...line.more.map((text) => element("p", "", prose(text))),
  ]));
  lines.forEach((line, index) => {
    const words = [line.kind, line.package ?? "", line.place ?? "", line.message, ...line.more];
    shownFindings.push({ item: items[index], words: words.join("\n").toLowerCase() });
  });
  return element("section", "", [
    element("h2", "", ["Findings", element("small", "", [String(lines.length)], { id: "found" })]),
    lines.length ? element("ul", "findings", items) : element("p", "quiet", ["no findings"]),
  ]);
}

function head(scopes) {
  const cells = scopes.map((scope) => {
    const state = scope.unused ? "unused" : scope.list === null ? "absent" : "";
    const title = `${scope.scope}: ${scope.list ?? "not declared"}${scope.unused ? ", unused" : ""}`;
    return element("th", `scope ${state}`, [element("span", "", [scope.scope])], { scope: "col", title });
  });
  return element("thead", "", [element("tr", "", [element("th", "corner", ["operation"], { scope: "col" }), ...cells])]);
}

function cell(kind, scope) {
  const classes = ["mark", scope.unused && "column-unused", kind && scope.least && "least"].filter(Boolean);
  const title = { all: "every alternative has it", one: "some alternatives have it" }[kind];
  return element("td", classes.join(" "), kind ? [element("span", `dot ${kind}`, [], { title, role: "img", "aria-label": title })] : []);
}

function calls(row, width) {
  const lines = row.calls.map((call) => element("li", call.counts ? "" : "uncounted", [
    element("code", "", [`${call.file}:${call.line}:${call.column}`]),
    element("code", "quiet", [call.function ?? "–"]),
    element("pre", "", [call.text], { title: call.targets.join(", ") }),
  ]));
  const needs = row.requirement.length > 240 ? `${row.requirement.slice(0, 240)} …` : row.requirement || "nothing";
  return element("tr", "calls", [element("td", "", [
    element("div", "quiet", [element("code", "", [row.route]), " needs ", element("code", "", [needs])]),
    element("ul", "", lines),
  ], { colspan: width })], { hidden: "" });
}

/** The rows of a matrix, each with its words for the filter. */
const rows = [];

function body(matrix) {
  const tbody = element("tbody");
  for (const row of matrix.operations) {
    const button = element("button", "", [row.operation], { type: "button", "aria-expanded": "false" });
    const tr = element("tr", "operation", [
      element("th", "", [button, element("span", "count", [many(row.calls.length, "call")])], { scope: "row" }),
      ...row.cells.map((kind, index) => cell(kind, matrix.scopes[index])),
    ], { "data-operation": row.operation });
    const detail = calls(row, matrix.scopes.length + 1);
    button.addEventListener("click", () => {
      detail.hidden = !detail.hidden;
      button.setAttribute("aria-expanded", String(!detail.hidden));
    });
    const scopes = matrix.scopes.filter((_, index) => row.cells[index]).map((scope) => scope.scope);
    const words = [matrix.name, row.operation, row.route, ...scopes,
      ...row.calls.flatMap((call) => [call.file, call.function ?? ""])];
    rows.push({ tr, detail, button, counts: row.counts, words: words.join("\n").toLowerCase() });
    tbody.append(tr, detail);
  }
  return tbody;
}

function legend() {
  const entry = (...parts) => element("span", "", parts);
  return element("div", "legend", [
    entry(element("span", "dot all"), " every alternative has it"),
    entry(element("span", "dot"), " some alternatives have it"),
    entry(element("span", "key", ["scope"]), " declared, but unused"),
    entry(element("span", "key absent", ["scope"]), " needed, but not declared"),
  ]);
}

function section(matrix) {
  return element("section", "", [
    element("h2", "", [matrix.name, element("small", "", [matrix.version])]),
    element("h3", "", [matrix.exact ? "Least set, exact" : "Least set for the calls of all its scope sets together"]),
    element("ul", "chips", matrix.least.length ? matrix.least.map((scope) => element("li", "", [scope])) : ["no scope at all"]),
    element("h3", "", ["Operations by scopes"]),
    element("div", "scroll", [element("table", "", [head(matrix.scopes), body(matrix)])]),
    legend(),
  ], { "data-package": matrix.name });
}

function apply() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const visible = (row.counts || uncounted.checked) && words.every((word) => row.words.includes(word));
    row.tr.hidden = !visible;
    if (!visible) {
      row.detail.hidden = true;
      row.button.setAttribute("aria-expanded", "false");
    }
    shown += visible;
  }
  let found = 0;
  for (const finding of shownFindings) {
    const visible = words.every((word) => finding.words.includes(word));
    finding.item.hidden = !visible;
    found += visible;
  }
  const count = document.getElementById("found");
  if (count) count.textContent = found === shownFindings.length ? String(found) : `${found} of ${shownFindings.length}`;
  document.getElementById("shown").textContent = `${shown} of ${many(rows.length, "operation")}`;
}

/** What stands after `#` in the address: `filter=contacts&uncounted`. So a view can be passed on. */
function fromAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  filter.value = wanted.get("filter") ?? "";
  uncounted.checked = wanted.has("uncounted");
  for (const row of rows) {
    if (wanted.get("open") === row.button.textContent) row.button.click();
  }
  apply();
}

document.title = `HubSpot scopes of ${facts.packages.map((matrix) => matrix.name).join(", ")}`;
document.getElementById("about").textContent =
  `${facts.packages.map((matrix) => matrix.name).join(", ")} · cargo hubspot audit ${facts.version}`;
report.replaceChildren(findings(facts.findings), ...facts.packages.map(section));
for (const note of facts.notes) report.append(element("p", "quiet", [note]));
filter.addEventListener("input", apply);
uncounted.addEventListener("change", apply);
addEventListener("hashchange", fromAddress);
fromAddress();
