// What is kept on the tablet, one database for each expert. A change is one transaction, on the disk when it resolves.
const TABLES = {
  queue: { keyPath: "n", autoIncrement: true }, // records without a receipt, in the order they were made
  sheets: { keyPath: "sheet" }, // what the office is known to have, sheet by sheet
  facts: { keyPath: "name" }, // the last list, for when there is no network
};

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export async function openDatabase(name) {
  const opening = indexedDB.open(`rostrum ${name}`, 1);
  opening.onupgradeneeded = () => {
    for (const [table, options] of Object.entries(TABLES)) opening.result.createObjectStore(table, options);
  };
  const base = await done(opening);
  base.onversionchange = () => base.close(); // a newer page of another tab wants to open it
  return {
    durable: true,
    close: () => base.close(),
    read: (table) => done(base.transaction(table).objectStore(table).getAll()),
    get: (table, key) => done(base.transaction(table).objectStore(table).get(key)),
    change: (work) => change(base, work),
  };
}

// `work` may await only what it is given: anything else would end the transaction.
function change(base, work) {
  const transaction = base.transaction(Object.keys(TABLES), "readwrite", { durability: "strict" });
  const store = (table) => transaction.objectStore(table);
  let result;
  const finished = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
  });
  Promise.resolve(work({
    read: (table) => done(store(table).getAll()),
    get: (table, key) => done(store(table).get(key)),
    put: (table, row) => done(store(table).put(row)),
    remove: (table, key) => done(store(table).delete(key)),
  })).then((value) => { result = value; }, () => { try { transaction.abort(); } catch { /* it is over already */ } });
  return finished;
}

// Where a browser keeps nothing (a private window): the page still scores and sends, and never says 已存本机.
export function memoryDatabase() {
  const tables = Object.fromEntries(Object.keys(TABLES).map((table) => [table, new Map()]));
  let count = 0, last = Promise.resolve();
  const hands = {
    read: async (table) => [...tables[table].values()].map((row) => structuredClone(row)),
    get: async (table, key) => structuredClone(tables[table].get(key)),
    remove: async (table, key) => { tables[table].delete(key); },
    put: async (table, row) => {
      const { keyPath, autoIncrement } = TABLES[table];
      const key = row[keyPath] ?? (autoIncrement ? (count += 1) : undefined);
      tables[table].set(key, { ...structuredClone(row), [keyPath]: key });
      return key;
    },
  };
  const change_ = (work) => { last = last.then(() => work(hands), () => work(hands)); return last; };
  return { durable: false, close() {}, read: hands.read, get: hands.get, change: change_ };
}
