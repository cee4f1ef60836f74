//! What a store costs with 1,000,000 items, as a ratio to what it costs with 100, measured in turn;
//! and what two readers do in the time of one.
//!
//! `cargo bench --bench store`. The items are met in a shuffled order, so that those of the large
//! store aren't in the processor's caches, which those of the small one are. The answers are those
//! of a contract whose fixtures they are.

use counterpart::contract::{Contract, Loading};
use counterpart::host::Host;
use counterpart::store::{Change, Seed, Store};
use counterpart::wire::{Method, Request, header};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

const FEW: usize = 100;
const MANY: usize = 1_000_000;
/// How often each is measured, in turn with the other, and how many calls that is of.
const ROUNDS: usize = 200;
const CALLS: usize = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let stores = [FEW, MANY].map(Measured::new);
    println!("{:<28} {:>12} {:>12}  times", "", FEW, MANY);
    compare("get", &stores, |store, key| store.get(key));
    compare("the same of a HashMap", &stores, |store, key| {
        store.get_bare(key)
    });
    compare("put", &stores, |store, key| store.put(key));
    compare("patch (read, then put)", &stores, |store, key| {
        store.patch(key)
    });
    compare("first page of 50", &stores, |store, _| store.page(0));
    compare("a page of 50 anywhere", &stores, |store, key| {
        store.page(key)
    });
    compare("a copy of all", &stores, |store, _| store.copy());
    let one = readers(&stores[1], 1);
    let two = readers(&stores[1], 2);
    println!("gets of two readers, times those of one: {:.2}", two / one);
    let served = [FEW, MANY].map(Served::new);
    let [few, many] = served;
    let served = [few?, many?];
    compare("answer to GET of one", &served, |served, key| {
        served.get(key)
    });
    compare("answer to PATCH of one", &served, |served, key| {
        served.patch(key)
    });
    Ok(())
}

/// Something with so many items.
trait Counted {
    fn len(&self) -> usize;
}

fn compare<S: Counted>(name: &str, both: &[S; 2], call: impl Fn(&S, usize)) {
    let mut took = [Vec::new(), Vec::new()];
    let mut at = 0;
    for round in 0..ROUNDS {
        for turn in 0..2 {
            let which = (round + turn) % 2;
            let measured = &both[which];
            let started = Instant::now();
            for _ in 0..CALLS {
                // A step that is prime to the lengths meets all of them, none near the last.
                at += 387_420_489;
                call(measured, at % measured.len());
            }
            took[which].push(started.elapsed() / CALLS as u32);
        }
    }
    let [few, many] = took.map(middle);
    let times = many.as_secs_f64() / few.as_secs_f64();
    println!("{name:<28} {few:>12.2?} {many:>12.2?}  {times:.2}");
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Gets in a second, of so many threads together.
fn readers(measured: &Measured, threads: usize) -> f64 {
    let calls = 1_000_000;
    let started = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let mut at = thread;
                for _ in 0..calls {
                    at += 387_420_489;
                    measured.get(at % measured.len());
                }
            });
        }
    });
    (threads * calls) as f64 / started.elapsed().as_secs_f64()
}

struct Measured {
    store: Store,
    bare: HashMap<String, Arc<Value>>,
}

impl Counted for Measured {
    fn len(&self) -> usize {
        self.bare.len()
    }
}

impl Measured {
    fn new(count: usize) -> Measured {
        let keyed = |n| {
            let key = format!("item-{n}");
            let item = item(&key);
            (key, item)
        };
        let items = (0..count).map(keyed);
        let bare = items.clone().map(|(key, item)| (key, Arc::new(item)));
        let bare = bare.collect();
        let seed = Seed {
            collection: "things".to_owned(),
            items: items.collect(),
        };
        let started = Instant::now();
        let store = Store::new(vec![seed], UNIX_EPOCH);
        println!("{count} items planted in {:.2?}", started.elapsed());
        Measured { store, bare }
    }

    fn get(&self, key: usize) {
        let key = &format!("item-{key}");
        let value = |state: &counterpart::store::State| {
            state
                .item("things", key)
                .map(|item| item.value["n"].clone())
        };
        black_box(self.store.read(value));
    }

    fn get_bare(&self, key: usize) {
        let key = &format!("item-{key}");
        black_box(self.bare.get(key).map(|item| item["n"].clone()));
    }

    fn put(&self, key: usize) {
        let key = &format!("item-{key}");
        let change = || Change::Put("things".to_owned(), key.clone(), item(key));
        let put = self
            .store
            .write(UNIX_EPOCH, |_| Ok::<_, ()>((vec![change()], ())));
        black_box(put.is_ok());
    }

    fn patch(&self, key: usize) {
        let key = &format!("item-{key}");
        let patched = self.store.write(UNIX_EPOCH, |state| {
            let item = state.item("things", key).ok_or(())?;
            let mut value = item.value.as_ref().clone();
            value["n"] = json!(7);
            let change = Change::Put("things".to_owned(), key.clone(), value);
            Ok::<_, ()>((vec![change], ()))
        });
        black_box(patched.is_ok());
    }

    fn page(&self, place: usize) {
        let page = self.store.read(|state| {
            let items = state
                .collection("things")
                .map(|things| things.iter_from(place));
            let page = items.into_iter().flatten().take(50);
            page.map(|(_, item)| item.value["n"].clone())
                .collect::<Vec<Value>>()
        });
        black_box(page);
    }

    fn copy(&self) {
        black_box(self.store.read(Clone::clone));
    }
}

fn item(key: &str) -> Value {
    json!({"id": key, "name": "A thing of some size", "n": 1})
}

/// A contract's answers, without sockets.
struct Served {
    host: Host,
    count: usize,
}

impl Counted for Served {
    fn len(&self) -> usize {
        self.count
    }
}

const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        '200': &one
          description: One
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
    patch:
      requestBody:
        content: {application/merge-patch+json: {schema: {type: object, properties: {n: {type: integer}}}}}
      responses: {'200': *one}
components:
  schemas:
    Thing:
      type: object
      required: [id, name, n]
      properties: {id: {type: string}, name: {type: string}, n: {type: integer}}
"#;

impl Served {
    fn new(count: usize) -> Outcome<Served> {
        let folder = std::env::temp_dir().join(format!("counterpart-{}", std::process::id()));
        let fixtures = folder.join("fixtures/things");
        fs::create_dir_all(&fixtures)?;
        let items: Vec<Value> = (0..count).map(|n| item(&format!("item-{n}"))).collect();
        fs::write(fixtures.join("things.json"), serde_json::to_vec(&items)?)?;
        let document = folder.join("things.yaml");
        fs::write(&document, DOCUMENT)?;
        let started = Instant::now();
        let host = Host::load_with(&[document], &Loading::default());
        println!("{count} items loaded in {:.2?}", started.elapsed());
        fs::remove_dir_all(&folder)?;
        let host = host.map_err(|errors| format!("{errors:?}"))?;
        let served = Served { host, count };
        for request in [
            served.request(Method::GET, 7),
            served.request(Method::PATCH, 7),
        ] {
            let exchange = served.contract().answer(request);
            if exchange.reply.status.as_u16() != 200 {
                return Err(format!("{exchange:#?}").into());
            }
        }
        Ok(served)
    }

    fn contract(&self) -> &Contract {
        self.host.apis()[0].contract()
    }

    fn request(&self, method: Method, key: usize) -> Request {
        let target = format!("/things/item-{key}");
        let is_patch = method == Method::PATCH;
        let request = Request::new(method, target);
        match is_patch {
            true => request
                .with_header(header::CONTENT_TYPE, "application/merge-patch+json")
                .with_body(r#"{"n":3}"#),
            false => request,
        }
    }

    fn get(&self, key: usize) {
        black_box(self.contract().answer(self.request(Method::GET, key)));
    }

    fn patch(&self, key: usize) {
        black_box(self.contract().answer(self.request(Method::PATCH, key)));
    }
}
