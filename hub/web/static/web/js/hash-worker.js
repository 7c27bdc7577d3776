// The sha256 of a file, a slice at a time: {lib, file} in; {done} bytes on the way out, then {sha256}.
const SLICE = 8 * 2 ** 20;

async function hash({ lib, file }) {
  importScripts(lib);
  const hasher = await hashwasm.createSHA256();
  for (let done = 0; done < file.size; postMessage({ done })) {
    hasher.update(new Uint8Array(await file.slice(done, done += SLICE).arrayBuffer()));
  }
  postMessage({ sha256: hasher.digest("hex") });
}

// Thrown outside of the promise, it reaches the page.
onmessage = ({ data }) => hash(data).catch((error) => setTimeout(() => { throw error; }));
