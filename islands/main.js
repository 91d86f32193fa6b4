// The script of every page. Each part improves what already works without it.
import "htmx.org/dist/htmx.esm.js";
import "./menus.js";
import "./appearance.js";
import "./dialogs.js";
import "./keyboard.js";
import "./palette.js";
import "./suggestions.js";
import "./lists.js";
import "./cells.js";
import "./board.js";
import "./toasts.js";
import "./copy.js";
import "./printing.js";
import "./reveal.js";
import "./chart_loader.js";
