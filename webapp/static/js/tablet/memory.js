// Who was here last on this tablet: their list opens without a network. Whoever comes in next is somebody else.
const NAME = "rostrum expert";

function quietly(act) {
  try { return act(); } catch { return null; } // storage may be switched off
}

export const lastHere = () => quietly(() => localStorage.getItem(NAME));
export const isHere = (expert) => quietly(() => localStorage.setItem(NAME, expert));
export const nobodyHere = () => quietly(() => localStorage.removeItem(NAME));
