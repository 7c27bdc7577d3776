// Files chosen or dropped are hashed here, sent in parts and committed together. What the hub has isn't sent again.
const TRIES = 8;

async function ask(method, url, body, signal) {
  const headers = { "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "" };
  const sent = body instanceof Blob ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, signal, body: sent });
  const said = await response.json().catch(() => ({ message: `The hub answered ${response.status}.` }));
  if (response.ok) return said;
  throw Object.assign(new Error(said.message), { path: said.path, isFinal: response.status < 500 && response.status !== 404 });
}

async function filesIn(entry) {
  if (entry.isFile) return [[entry.fullPath.slice(1), await new Promise((resolve, reject) => entry.file(resolve, reject))]];
  const [reader, found] = [entry.createReader(), []];
  for (let some; !some || some.length; found.push(...await Promise.all(some.map(filesIn)))) {
    some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  }
  return found.flat();
}

class UploadRow extends HTMLElement {
  start(desk, path, file) {
    Object.assign(this, { desk, path, file });
    this.show("path", path).show("bytes", `${(file.size / 1e6).toLocaleString("en", { maximumFractionDigits: 2 })} MB`);
    this.querySelector("[data-remove]").onclick = () => { this.stop.abort(); this.remove(); desk.sum(); };
    this.querySelector("[data-toggle]").onclick = () => (this.dataset.state === "busy" ? this.stop.abort() : this.queue());
    this.queue();
  }

  show(part, words) {
    this.querySelector(`[data-${part}]`).textContent = words;
    return this;
  }

  set(state, words, done = 0) {
    Object.assign(this.dataset, { state });
    this.querySelector("progress").value = done / (this.file.size || 1);
    this.show("said", words).show("toggle", state === "busy" ? "Pause" : "Resume").desk.sum();
  }

  queue() {
    const { signal } = this.stop = new AbortController();
    this.tries = 0;
    this.set("waiting", "Waiting");
    this.desk.last = this.desk.last.then(() => this.bring(signal));
  }

  async bring(signal) {
    if (signal.aborted) return this.set("paused", "Paused");
    try { return await this.once(signal); } catch (error) {
      if (signal.aborted) return this.set("paused", "Paused");
      if (error.isFinal || (this.tries += 1) > TRIES) return this.set("failed", error.message);
      this.set("busy", `${error.message}. Trying again`);
      await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** this.tries, 15000)));
      return this.bring(signal);
    }
  }

  async once(signal) {
    const { path, file, desk: { dataset: { url } } } = this;
    this.sha256 ??= await this.hash(signal);
    const plan = await ask("POST", `${url}/begin`, { path, sha256: this.sha256, size: file.size }, signal);
    this.show("change", plan.change).dataset.missing = plan.missing.length;
    for (const [done, number] of plan.missing.entries()) {
      this.set("busy", "Sending", file.size * (plan.parts - plan.missing.length + done) / plan.parts);
      const part = file.slice((number - 1) * plan.part_size, number * plan.part_size);
      await ask("PUT", `${url}/part/${plan.upload}/${number}`, part, signal);
      this.tries = 0;
    }
    this.set("busy", "Verifying", file.size);
    await ask("POST", `${url}/ready`, { path, sha256: this.sha256, upload: plan.upload }, signal);
    this.set("ready", plan.upload ? "Here and verified" : "Here already", file.size);
  }

  hash(signal) {
    const { worker: source, library: lib } = this.desk.dataset;
    const worker = new Worker(source);
    return new Promise((resolve, reject) => {
      const fail = (words) => reject(Object.assign(new Error(words), { isFinal: true }));
      signal.addEventListener("abort", fail);
      worker.onerror = () => fail("The part of this page that reads files can't be loaded");
      worker.onmessage = ({ data }) => {
        if (data.sha256) resolve(data.sha256);
        else if (data.error) fail(`The file can't be read: ${data.error}`);
        else this.set("busy", "Reading", data.done);
      };
      worker.postMessage({ lib, file: this.file });
    }).finally(() => worker.terminate());
  }
}

class UploadDesk extends HTMLElement {
  last = Promise.resolve();

  connectedCallback() {
    this.dataset.live = "";
    this.addEventListener("change", ({ target }) => {
      this.add([...target.files ?? []].map((file) => [file.webkitRelativePath || file.name, file]));
      if (target.files) target.value = "";
    });
    for (const type of ["dragover", "dragleave", "drop"]) this.addEventListener(type, (event) => {
      event.preventDefault();
      this.toggleAttribute("data-over", type === "dragover");
      if (type === "drop") this.drop([...event.dataTransfer.items]);
    });
    this.addEventListener("submit", (event) => { event.preventDefault(); this.commit(new FormData(event.target)); });
    addEventListener("beforeunload", (event) => { if (this.querySelector("[data-state=busy]")) event.preventDefault(); });
  }

  async drop(items) {
    const found = items.filter((item) => item.kind === "file").map((item) => [item.webkitGetAsEntry(), item.getAsFile()]);
    this.add((await Promise.all(found.map(([entry, file]) => (entry ? filesIn(entry) : [[file.name, file]])))).flat());
  }

  add(pairs) {
    for (const [path, file] of pairs) {
      this.rows.find((row) => row.path === path)?.remove();
      const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
      this.querySelector("[data-list]").append(row);
      row.start(this, path, file);
    }
  }

  get rows() { return [...this.querySelectorAll("upload-row")]; }

  sum(words) {
    const ready = this.rows.filter((row) => row.dataset.state === "ready");
    this.querySelector("[data-sum]").textContent = words ?? `${ready.length} of ${this.rows.length} files are ready`;
    return ready.length === this.rows.length && ready.length ? ready : null;
  }

  async commit(told) {
    const ready = this.sum();
    if (!ready) return this.sum("Add files, and wait until each is ready; remove those that can't be.");
    if (this.isBusy) return;
    this.isBusy = true;
    const files = ready.map(({ path, sha256 }) => ({ path, sha256 }));
    const { chosen: _, ...words } = Object.fromEntries(told);
    try {
      location = (await ask("POST", `${this.dataset.url}/commit`, { ...words, files })).url;
    } catch (error) {
      this.rows.find((row) => row.path === error.path)?.set("failed", error.message);
      this.sum(`${error.message} Nothing was committed; what you uploaded is kept.`);
      this.isBusy = false;
    }
  }
}

customElements.define("upload-row", UploadRow);
customElements.define("upload-desk", UploadDesk);
