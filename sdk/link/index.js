// The browser's side of connecting an account: opens the hosted page and tells what came of it.
// `app/connect/static/link-sdk.js` is made from this file by `ledgerway sdk`.

const TYPE = "ledgerway.link";
const MARK = "ledgerway.link.redirect";
const HOME = null;
const LOOK_MS = 1000;
// A provider's page may cut the tie to its opener; the window then looks closed while consent goes on in it.
const CLOSED_FOR_MS = 30000;
// How long the page in the frame may take to speak once it is loaded.
const SILENT_FOR_MS = 3000;

const WORDS = {
  invalid_token: "The link token is unknown, used or expired.",
  invalid_integration: "The integration is not offered to this link token.",
  connection_error: "The account could not be connected.",
  post_install_error: "The account was connected, but could not be set up.",
  validation_error: "The credentials were accepted, but the account cannot be used with them.",
};

/** Why no account was connected; `error_type` says what kind of reason it was. */
export class LinkError extends Error {
  constructor(errorType, { integration = null, integrated_account_id = null } = {}) {
    super(WORDS[errorType] ?? "The account could not be connected.");
    this.name = "LinkError";
    this.error_type = errorType;
    this.integration = integration;
    this.integrated_account_id = integrated_account_id;
  }
}

/** Let the customer connect an account. Call it in the click itself, or browsers hold the window back. */
export function authenticate(linkToken, options = {}) {
  let link, address, mode;
  try {
    mode = modeOf(options);
    link = linkOf(linkToken, options);
    address = addressOf(link, mode, options);
  } catch (error) {
    return Promise.reject(error);
  }
  if (mode === "redirect") return redirected(address);
  return mode === "iframe" ? inFrame(link, address, options) : inPopup(link, address, options);
}

/** What a redirect brought back to this page, taken out of its address; null where it brought nothing. */
export async function result() {
  const here = new URL(window.location.href);
  const told = (name) => here.searchParams.get(name);
  const [account, integration, errorType] = ["integrated_account_id", "integration", "error_type"].map(told);
  // Only what this tab set out for is an answer: anybody can make a link with an account's id in it.
  if (!(account || errorType) || !takeMark()) return null;
  for (const name of ["integrated_account_id", "integration", "error_type"]) here.searchParams.delete(name);
  window.history.replaceState(window.history.state, "", here);
  if (errorType) throw new LinkError(errorType, { integration, integrated_account_id: account });
  return { integrated_account_id: account, integration };
}

function modeOf(options) {
  const mode = options.mode ?? (options.sameWindow ? "redirect" : options.iframe ? "iframe" : "popup");
  if (!["popup", "iframe", "redirect"].includes(mode)) throw new TypeError(`mode cannot be ${mode}`);
  return mode;
}

// Takes the token alone, or the whole link_url.
function linkOf(linkToken, { baseUrl }) {
  const given = String(linkToken ?? "");
  if (/^https?:\/\//.test(given)) {
    const url = new URL(given);
    if (!/\/link\/[^/]+$/.test(url.pathname)) throw new LinkError("invalid_token");
    return { page: url.origin + url.pathname, origin: url.origin };
  }
  const home = baseUrl ?? HOME;
  if (!home) throw new TypeError("baseUrl is needed where only the token is given");
  if (!/^[\w.~-]+$/.test(given)) throw new LinkError("invalid_token");
  const base = new URL(home, window.location.href);
  return { page: base.href.replace(/[?#].*$/, "").replace(/\/*$/, "/") + "link/" + given, origin: base.origin };
}

function addressOf(link, mode, options) {
  const query = new URLSearchParams({ mode });
  if (mode !== "redirect") query.set("origin", window.location.origin);
  if (options.integration) query.set("integration", options.integration);
  if (options.integrations?.length) query.set("integrations", [...options.integrations].join(","));
  const way = options.way ?? options.authFormat;
  if (way) query.set("way", way);
  if (options.noBack) query.set("no_back", "1");
  return `${link.page}?${query}`;
}

function inPopup(link, address, { width = 700, height = 800 }) {
  const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - width) / 2));
  const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - height) / 2));
  const name = `ledgerway-link-${Math.random().toString(36).slice(2)}`;
  const opened = window.open(address, name, `popup,width=${width},height=${height},left=${left},top=${top}`);
  if (!opened) return Promise.reject("blocked");
  return converse(link, {
    source: () => opened,
    isGone: () => opened.closed,
    close: () => opened.close(),
    goneForMs: CLOSED_FOR_MS,
  });
}

function inFrame(link, address, options) {
  const { dialog, frame, button } = dialogOf(address, options);
  const view = {
    source: () => frame.contentWindow,
    isGone: () => !dialog.isConnected,
    close: () => { dialog.close(); dialog.remove(); },
    goneForMs: 0,
  };
  return converse(link, view, ({ close, heard, fail }) => {
    button.addEventListener("click", close);
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
    frame.addEventListener("load", () => {
      if (heard()) return;
      setTimeout(async () => {
        if (!heard()) fail(await silenceOf(link));
      }, SILENT_FOR_MS);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// A frame that says nothing was refused: to this origin, or because there is no such link.
async function silenceOf(link) {
  const state = await stateOf(link);
  return new LinkError(state?.step === "expired" ? "invalid_token" : "connection_error");
}

// Styled piece by piece, which a host page's own content security policy allows.
function styled(element, style) {
  Object.assign(element.style, style);
  return element;
}

function dialogOf(address, { width = 700, height = 800, title = "Connect an account" }) {
  const dialog = styled(document.createElement("dialog"), {
    position: "fixed", inset: "0", width: "100vw", height: "100dvh", maxWidth: "none", maxHeight: "none", margin: "0",
    padding: "0", border: "0", overflow: "hidden", background: "rgb(10 12 16 / 60%)", display: "grid", placeItems: "center",
  });
  dialog.setAttribute("aria-label", title);
  dialog.setAttribute("aria-modal", "true");
  const box = styled(document.createElement("div"), {
    display: "grid", gridTemplateRows: "44px 1fr", width: `min(${Number(width)}px, 100vw)`, height: `min(${Number(height)}px, 100dvh)`,
    borderRadius: window.innerWidth > width ? "14px" : "0", overflow: "hidden", background: "Canvas", colorScheme: "light dark",
  });
  const frame = styled(document.createElement("iframe"), { width: "100%", height: "100%", border: "0", display: "block" });
  frame.src = address;
  frame.title = title;
  frame.allow = "clipboard-write";
  frame.referrerPolicy = "no-referrer";
  const button = styled(document.createElement("button"), {
    order: "-1", justifySelf: "end", width: "44px", height: "44px", padding: "0", border: "0", background: "transparent", color: "CanvasText",
    font: "24px/1 system-ui, sans-serif", cursor: "pointer",
  });
  button.type = "button";
  button.setAttribute("aria-label", "Close");
  button.textContent = "×";
  box.append(frame, button);
  dialog.append(box);
  return { dialog, frame, button };
}

// Listens to the page until it says how it ended, or is gone.
function converse(link, view, begin = () => {}) {
  return new Promise((resolve, reject) => {
    let failure = null, heardOnce = false, over = false, goneAt = null, asking = false;

    function end(settle, value) {
      if (over) return;
      over = true;
      window.removeEventListener("message", hear);
      clearInterval(timer);
      view.close();
      settle(value);
    }

    // A failure is told when the customer has read it and leaves; one who goes on after it may yet succeed.
    const close = () => end(reject, failure ?? "closed");

    function hear(event) {
      if (event.origin !== link.origin || event.source !== view.source() || event.data?.type !== TYPE) return;
      const said = event.data;
      heardOnce = true;
      if (said.closed === true) close();
      else if (typeof said.integrated_account_id === "string" && !said.error_type) end(resolve, accountOf(said));
      else failure = said.error_type ? new LinkError(said.error_type, said) : null;
    }

    async function look() {
      if (!view.isGone()) { goneAt = null; return; }
      if (asking) return;
      asking = true;
      goneAt ??= Date.now();
      const state = await stateOf(link);
      asking = false;
      if (state?.integrated_account_id) end(resolve, accountOf(state));
      else if (state?.step === "expired") end(reject, failure ?? new LinkError("invalid_token"));
      else if (state?.step === "start") end(reject, failure ?? (state.error_type ? new LinkError(state.error_type, state) : "closed"));
      else if (Date.now() - goneAt >= view.goneForMs) close();
    }

    window.addEventListener("message", hear);
    const timer = setInterval(look, LOOK_MS);
    begin({ close, heard: () => heardOnce, fail: (error) => end(reject, error) });
  });
}

function accountOf({ integrated_account_id, integration }) {
  return { integrated_account_id, integration };
}

// Where the link stands; null where that cannot be learnt just now.
async function stateOf(link) {
  try {
    const answer = await fetch(`${link.page}/state`, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
    if (answer.status === 404 || answer.status === 410) return { step: "expired" };
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function redirected(address) {
  const found = await result();
  if (found) return found;
  setMark();
  window.location.assign(address);
  return new Promise(() => {});  // The page is being left.
}

function setMark() {
  try {
    window.sessionStorage.setItem(MARK, "1");
  } catch {
    // Without storage the way back cannot be told from a forged one; the backend still learns of the account.
  }
}

function takeMark() {
  try {
    const found = window.sessionStorage.getItem(MARK) !== null;
    window.sessionStorage.removeItem(MARK);
    return found;
  } catch {
    return false;
  }
}
