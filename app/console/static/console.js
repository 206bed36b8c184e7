// The console's script. The pages work without it; what it adds is the log's live tail, buttons that copy, and a
// button that tells that work goes on.
(() => {
  "use strict";

  const POLL_MS = 2000;
  const SLOW_MS = 15000;
  const ROWS_MAX = 200;

  function each(selector, work) {
    document.querySelectorAll(selector).forEach(work);
  }

  function copyOnPress(button) {
    const field = document.getElementById(button.dataset.copy);
    const told = button.closest(".copied").querySelector("[data-copied]");
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
  }

  function submitOnce(form) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      button.textContent = form.dataset.working;
    });
  }

  // Asks for what is new and puts it above; stops while nobody looks, and for good once the session has ended.
  function follow(table) {
    const line = document.querySelector("[data-live]");
    const words = line.querySelector("[data-live-words]");
    const pause = line.querySelector("[data-pause]");
    const body = table.tBodies[0];
    let after = table.dataset.after;
    let isPaused = false;
    let isAsking = false;
    let timer = 0;

    function say(text, state) {
      if (words.textContent !== text) words.textContent = text;
      line.className = `live ${state}`;
    }

    function put(rows) {
      const known = new Set([...body.rows].map((row) => row.dataset.id));
      const fresh = rows.filter((row) => !known.has(row.dataset.id));
      for (const row of fresh.reverse()) {
        row.classList.add("new");
        body.prepend(row);
      }
      while (body.rows.length > ROWS_MAX) body.lastElementChild.remove();
      if (fresh.length) each("[data-empty]", (text) => text.remove());
    }

    async function ask() {
      timer = 0;
      isAsking = true;
      let wait = POLL_MS;
      try {
        const url = `${table.dataset.tail}after=${after}`;
        const headers = { "x-csrf-token": document.body.dataset.csrf };
        const answer = await fetch(url, { headers, cache: "no-store", credentials: "same-origin" });
        if (answer.status === 401 || answer.status === 403) {
          pause.hidden = true;
          say("The session has ended: load the page anew", "off");
          return;  // It stays asking, so that nothing asks again.
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(`<table><tbody>${await answer.text()}</tbody></table>`, "text/html");
        put([...page.querySelectorAll("tr")].map((row) => document.adoptNode(row)));
        after = answer.headers.get("x-after");
        if (!isPaused) say(answer.headers.get("x-more") === "1" ? "Live: more come than are shown" : "Live", "on");
      } catch {
        wait = SLOW_MS;
        say("No answer: trying again", "off");
      }
      isAsking = false;
      go(wait);
    }

    function go(wait) {
      if (!timer && !isAsking && !isPaused && !document.hidden) timer = setTimeout(ask, wait);
    }

    function stop() {
      clearTimeout(timer);
      timer = 0;
    }

    pause.addEventListener("click", () => {
      isPaused = !isPaused;
      pause.textContent = isPaused ? "Go on" : "Pause";
      say(isPaused ? "Paused" : "Live", isPaused ? "" : "on");
      if (isPaused) stop();
      else go(0);
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? stop() : go(0)));
    line.hidden = false;
    say("Live", "on");
    go(POLL_MS);
  }

  if (navigator.clipboard) each("[data-copy]", copyOnPress);
  each("form[data-working]", submitOnce);
  each("[data-tail]", follow);
})();
