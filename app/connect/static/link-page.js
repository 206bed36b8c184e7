// The hosted connect page's script. The page works without it; what it adds are the switches that show a secret
// and copy an address, a button that tells that work goes on, and what the browser SDK's modes need.
(() => {
  "use strict";

  const TYPE = "ledgerway.link";
  const POLL_MS = 1500;
  const facts = document.body.dataset;
  const inFrame = window.parent !== window;
  const host = facts.mode === "iframe" ? (inFrame ? window.parent : null) : facts.mode === "popup" ? window.opener : null;

  // Only to the host page's own origin, which the server has checked; never to whoever may be there.
  function tell(message) {
    if (host && facts.origin) host.postMessage({ type: TYPE, ...message }, facts.origin);
  }

  function each(selector, work) {
    document.querySelectorAll(selector).forEach(work);
  }

  function leave() {
    if (!inFrame) window.close();
  }

  function finish() {
    tell({ integrated_account_id: facts.account, integration: facts.integration });
    leave();
  }

  function showSecrets() {
    each("[data-show]", (button) => {
      const field = document.getElementById(button.dataset.show);
      button.hidden = false;
      button.addEventListener("click", () => {
        const shown = field.type === "password";
        field.type = shown ? "text" : "password";
        button.setAttribute("aria-pressed", String(shown));
      });
      // A secret left readable would be kept by the browser as any other text.
      field.form.addEventListener("submit", () => { field.type = "password"; });
    });
  }

  function copyAddresses() {
    if (!navigator.clipboard) return;
    each("[data-copy]", (button) => {
      const field = document.getElementById(button.dataset.copy);
      const told = button.closest(".field").querySelector("[data-copied]");
      button.hidden = false;
      button.addEventListener("click", async () => {
        field.select();
        try {
          await navigator.clipboard.writeText(field.value);
          told.textContent = "Copied.";
        } catch {
          told.textContent = "Press Ctrl+C or ⌘C to copy.";
        }
      });
    });
  }

  function working(form, button) {
    const words = button.textContent;
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    spinner.setAttribute("aria-hidden", "true");
    button.replaceChildren(spinner, form.dataset.working);
    button.setAttribute("aria-disabled", "true");
    return () => {
      button.textContent = words;
      button.removeAttribute("aria-disabled");
    };
  }

  function submitOnce(form) {
    const button = form.querySelector("[type=submit]");
    let rest = null;
    form.addEventListener("submit", (event) => {
      if (rest) { event.preventDefault(); return; }
      rest = working(form, button);
    });
    // Back from the provider, the page may come out of the browser's memory as it was left.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted && rest) { rest(); rest = null; }
    });
  }

  // Consent is given at top level. A window that we open ourselves can close itself when it is over;
  // it loses its opener first, so that no provider's page can reach into this one.
  function openConsent(form) {
    form.addEventListener("submit", (event) => {
      const name = "ledgerway-consent-" + Math.random().toString(36).slice(2);
      const opened = window.open("", name, "popup,width=700,height=800");
      if (!opened) return;
      opened.opener = null;
      form.target = name;
      const waiting = document.querySelector("[data-waiting]");
      if (waiting) waiting.hidden = false;
    });
  }

  async function step() {
    try {
      const answer = await fetch(facts.base + "/state", { cache: "no-store", credentials: "same-origin" });
      return answer.ok ? (await answer.json()).step : answer.status === 404 ? "expired" : null;
    } catch {
      return null;  // The next time may be better.
    }
  }

  // The other window moves the link on; this page follows by being asked for anew.
  function follow(stays, to = "") {
    const timer = setInterval(async () => {
      const now = await step();
      if (!now || stays.includes(now)) return;
      clearInterval(timer);
      const query = new URLSearchParams({ mode: facts.mode });
      if (facts.origin) query.set("origin", facts.origin);
      location.replace(facts.base + to + "?" + query);
    }, POLL_MS);
  }

  function start() {
    showSecrets();
    copyAddresses();
    each("form", (form) => {
      if (!form.hasAttribute("data-opens-consent")) submitOnce(form);
      else if (inFrame) { openConsent(form); form.addEventListener("submit", () => follow(["start"], "/waiting"), { once: true }); }
      else { form.removeAttribute("target"); submitOnce(form); }
    });
    if (facts.origin) {
      each("[data-close]", (button) => {
        button.hidden = false;
        button.addEventListener("click", () => { tell({ closed: true }); leave(); });
      });
    }
    if (facts.screen === "done" && facts.mode !== "page") {
      if ("stays" in facts) {
        each("[data-finish]", (button) => { button.hidden = false; button.addEventListener("click", finish); });
      } else finish();
    } else if (facts.screen === "failure" && facts.errorType) tell({ error_type: facts.errorType });
    else tell({ screen: facts.screen });
    // The keys of a dialog do not reach the page around this frame.
    if (inFrame) document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ closed: true }); });
    if (facts.screen === "waiting" && inFrame) follow(["consent", "approved", "choice"]);
  }

  start();
})();
