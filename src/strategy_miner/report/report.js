(function () {
  "use strict";
  var root = document.documentElement;
  var parts = Array.prototype.slice.call(document.querySelectorAll(".language"));
  root.classList.add("js");

  function show(lang) {
    var known = parts.some(function (part) { return part.lang === lang; });
    if (!known) { return; }
    parts.forEach(function (part) {
      part.hidden = part.lang !== lang;
      if (part.lang === lang) { document.title = part.getAttribute("data-title"); }
    });
    root.lang = lang;
  }

  function languageOf(hash) {
    var found = /^#(\w\w)-/.exec(hash);
    return found ? found[1] : "";
  }

  // A link into a closed part, or into the other language, must still lead somewhere.
  function follow() {
    var lang = languageOf(location.hash);
    if (lang && lang !== root.lang) { show(lang); }
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    for (var fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; }
    target.scrollIntoView();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest(".switch");
    if (!button) { return; }
    var to = button.getAttribute("data-to");
    show(to);
    if (languageOf(location.hash)) {
      history.replaceState(null, "", location.hash.replace(/^#\w\w-/, "#" + to + "-"));
    }
    var other = document.querySelector('.language[lang="' + to + '"] .switch');
    if (other) { other.focus(); }
  });

  // A table has hundreds of figures: Tab enters it once, the arrow keys go on from figure to figure.
  var STEPS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};
  function figuresOf(table) { return Array.prototype.slice.call(table.querySelectorAll("a.proof")); }
  document.querySelectorAll(".table").forEach(function (table) {
    figuresOf(table).forEach(function (figure, place) { if (place) { figure.tabIndex = -1; } });
  });
  document.addEventListener("keydown", function (event) {
    var figure = event.target.closest("a.proof"), table = figure && figure.closest(".table");
    if (!table || !STEPS[event.key] || event.altKey || event.ctrlKey || event.metaKey) { return; }
    var all = figuresOf(table), next = all[all.indexOf(figure) + STEPS[event.key]];
    if (/Up|Down/.test(event.key)) { next = below(figure, all, STEPS[event.key]) || next; }
    event.preventDefault();
    if (next) { figure.tabIndex = -1; next.tabIndex = 0; next.focus(); }
  });

  // The next figure in the same column.
  function below(figure, all, step) {
    var cell = figure.closest("td, th");
    for (var at = all.indexOf(figure) + step; all[at]; at += step) {
      var other = all[at].closest("td, th");
      if (other.parentElement !== cell.parentElement && other.cellIndex === cell.cellIndex) { return all[at]; }
    }
    return null;
  }

  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (fold) {
      if (!fold.open) { fold.open = true; fold.setAttribute("data-printed", ""); }
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-printed]").forEach(function (fold) {
      fold.open = false; fold.removeAttribute("data-printed");
    });
  });

  // On a narrow screen the contents would fill the first page.
  if (window.matchMedia("(max-width: 62rem)").matches) {
    document.querySelectorAll(".contents details").forEach(function (fold) { fold.open = false; });
  }
  follow();
}());
