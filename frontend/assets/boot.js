// Loads the wasm module and wakes every <leptos-island> of the page, outer before inner.
// The page's own script tag names the two hashed files, so this file never changes with them.
const tag = document.querySelector("script[data-wasm]");
const wakeChildren = [];

async function wake(node, module) {
  const name = node.localName;
  if (name === "leptos-island") {
    const island = module[node.dataset.component];
    if (island) {
      wakeChildren.at(-1)?.();
      await island(node);
      node.dataset.awake = "";
    } else {
      console.error(`The wasm module has no island ${node.dataset.component}: page and module are of different builds.`);
    }
  }
  if (name === "leptos-children") wakeChildren.push(node.$$on_hydrate);
  for (const child of [...node.children]) await wake(child, module);
  if (name === "leptos-children") wakeChildren.pop();
}

const module = await import(tag.dataset.js);
await module.default({ module_or_path: tag.dataset.wasm });
module.hydrate();
await wake(document.body, module);
document.documentElement.dataset.awake = "";
