// Files chosen or dropped are hashed here, sent in parts and committed together. What the hub has isn't sent again.
const TRIES = 8;

async function ask(method, url, body, signal) {
  const headers = { "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "" };
  const response = await fetch(url, { method, headers, signal, body: body instanceof Blob ? body : JSON.stringify(body) });
  const said = await response.json().catch(() => ({ message: `The hub answered ${response.status}.` }));
  if (response.ok) return said;
  throw { ...said, isFinal: response.status < 500 && response.status !== 404 };
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
    this.show({ path, bytes: `${(file.size / 1e6).toLocaleString("en", { maximumFractionDigits: 2 })} MB` });
    this.querySelector("[data-remove]").onclick = () => { this.stop.abort(); this.remove(); desk.sum(); };
    this.querySelector("[data-toggle]").onclick = () => (this.dataset.state === "busy" ? this.stop.abort() : this.queue());
    this.queue();
  }

  show(words) {
    for (const [part, text] of Object.entries(words)) this.querySelector(`[data-${part}]`).textContent = text;
  }

  set(state, said, done = 0) {
    this.dataset.state = state;
    this.querySelector("progress").value = done / (this.file.size || 1);
    this.show({ said, toggle: state === "busy" ? "Pause" : "Resume" });
    this.desk.sum();
  }

  queue() {
    [this.stop, this.tries] = [new AbortController(), 0];
    const { most, limits } = this.desk.dataset;
    if (this.file.size > most) return this.set("failed", `Too large. ${limits}`);
    this.set("waiting", "Waiting");
    this.desk.last = this.desk.last.then(() => this.bring(this.stop.signal));
  }

  async bring(signal) {
    try { return await this.once(signal); } catch (error) {
      if (signal.aborted) return this.set("paused", "Paused");
      if (error.isFinal || (this.tries += 1) > TRIES) return this.set("failed", error.message);
      this.set("busy", `${error.message}. Trying again`);
      await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** this.tries, 15000)));
      return this.bring(signal);
    }
  }

  async once(signal) {
    signal.throwIfAborted();
    const { path, file, desk: { dataset: { url } } } = this;
    this.sha256 ??= await this.hash(signal);
    const plan = await ask("POST", `${url}/begin`, { path, sha256: this.sha256, size: file.size }, signal);
    this.show({ change: plan.change });
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
    const worker = new Worker(this.desk.dataset.worker);
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", reject);
      worker.onerror = () => reject({ message: "This file can't be read (any more)", isFinal: true });
      worker.onmessage = ({ data }) => (data.sha256 ? resolve(data.sha256) : this.set("busy", "Reading", data.done));
      worker.postMessage({ lib: this.desk.dataset.library, file: this.file });
    }).finally(() => worker.terminate());
  }
}

class UploadDesk extends HTMLElement {
  last = Promise.resolve();

  connectedCallback() {
    this.dataset.live = "";
    this.addEventListener("change", ({ target }) => {
      this.add([...(target.files ?? [])].map((file) => [file.webkitRelativePath || file.name, file]));
      if (target.files) target.value = "";
    });
    for (const type of ["dragover", "dragleave", "drop"]) this.addEventListener(type, (event) => {
      event.preventDefault();
      this.toggleAttribute("data-over", type === "dragover");
      if (type === "drop") this.drop([...event.dataTransfer.items].filter((item) => item.kind === "file"));
    });
    this.addEventListener("submit", (event) => { event.preventDefault(); this.commit(new FormData(event.target)); });
    addEventListener("beforeunload", (event) => { if (this.querySelector("[data-state=busy]")) event.preventDefault(); });
  }

  async drop(items) {
    const found = items.map((item) => [item.webkitGetAsEntry(), item.getAsFile()]);
    this.add((await Promise.all(found.map(([entry, file]) => (entry ? filesIn(entry) : [[file.name, file]])))).flat());
  }

  add(pairs) {
    for (const [path, file] of pairs) {
      this.rows.find((row) => row.path === path)?.querySelector("[data-remove]").click();
      this.querySelector("[data-list]").append(this.querySelector("template").content.cloneNode(true));
      this.rows.at(-1).start(this, path, file);
    }
  }

  get rows() { return [...this.querySelectorAll("upload-row")]; }

  sum(words) {
    const ready = this.rows.filter((row) => row.dataset.state === "ready");
    this.querySelector("[data-sum]").textContent = words ?? `${ready.length} of ${this.rows.length} files are ready`;
    return ready.length === this.rows.length && ready.length ? ready : null;
  }

  async commit(told) {
    const files = this.sum()?.map(({ path, sha256 }) => ({ path, sha256 }));
    if (!files) return this.sum("Add files, and wait until each is ready; remove those that can't be.");
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      location = (await ask("POST", `${this.dataset.url}/commit`, { ...Object.fromEntries(told), files })).url;
    } catch (error) {
      this.rows.find((row) => row.path === error.path)?.set("failed", error.message);
      this.sum(`${error.message} Nothing was committed; what you uploaded is kept.`);
      this.isBusy = false;
    }
  }
}

customElements.define("upload-row", UploadRow);
customElements.define("upload-desk", UploadDesk);
