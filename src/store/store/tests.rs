use super::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Barrier;
use std::time::UNIX_EPOCH;

fn seed(collection: &str, keys: impl IntoIterator<Item = u64>) -> Seed {
    let item = |key: u64| (key.to_string(), json!({"n": 0}));
    Seed {
        collection: collection.to_owned(),
        items: keys.into_iter().map(item).collect(),
    }
}

fn store() -> Store {
    Store::new(vec![seed("things", 1..=3)], UNIX_EPOCH)
}

fn put_in(collection: &str, key: &str, value: Value) -> Change {
    Change::Put(collection.to_owned(), key.to_owned(), value)
}

fn put(key: &str, n: u64) -> Change {
    put_in("things", key, json!({"n": n}))
}

fn remove(key: &str) -> Change {
    Change::Remove("things".to_owned(), key.to_owned())
}

fn bury(key: &str) -> Change {
    Change::Bury("things".to_owned(), key.to_owned())
}

/// Makes changes that look at nothing.
fn make(store: &Store, changes: &[Change]) -> bool {
    let made = store.write(UNIX_EPOCH, |_| Ok::<_, String>((changes.to_vec(), ())));
    made.is_ok()
}

fn number(state: &State, key: &str) -> u64 {
    let item = state.item("things", key);
    item.and_then(|item| item.value["n"].as_u64())
        .expect("a number")
}

fn tag(store: &Store, key: &str) -> Option<String> {
    let tag = |state: &State| Some(state.item("things", key)?.tag.to_string());
    store.read(tag)
}

fn keys(store: &Store) -> Vec<String> {
    store.read(|state| {
        let things = state.collection("things").into_iter();
        let keys = things.flat_map(|things| things.iter());
        keys.map(|(key, _)| key.to_owned()).collect()
    })
}

/// What the state is like, decided by `decide`, after `meanwhile` came between its first look and
/// its changes; and how often it was called.
fn interrupted<T>(
    store: &Store,
    meanwhile: &[Change],
    decide: impl Fn(&State) -> T,
) -> (Vec<T>, usize) {
    let calls = std::cell::RefCell::new(Vec::new());
    let written = store.write(UNIX_EPOCH, |state| {
        let saw = decide(state);
        if calls.borrow().is_empty() {
            assert!(make(store, meanwhile));
        }
        calls.borrow_mut().push(saw);
        // What is decided without a change needs nothing to hold.
        Ok::<_, ()>((vec![put_in("probes", "1", json!({}))], ()))
    });
    assert!(written.is_ok());
    let calls = calls.into_inner();
    let count = calls.len();
    (calls, count)
}

#[test]
fn a_refused_write_leaves_no_trace() {
    let store = store();
    let before = tag(&store, "1");
    let refused: Result<((), Vec<Item>), String> =
        store.write(UNIX_EPOCH, |_| Err("no".to_owned()));
    assert!(refused.is_err());
    assert_eq!(tag(&store, "1"), before);
}

#[test]
fn a_store_that_would_grow_past_its_bounds_refuses_the_write_and_takes_smaller_ones() {
    let store = store();
    let text = |text: String| make(&store, &[put_in("things", "1", json!({"n": text}))]);
    assert!(text("x".repeat(Room::default().bytes / 2)));
    assert!(!text("x".repeat(Room::default().bytes + 1000)));
    assert!(text("small".to_owned()));
    let many = |count: usize| {
        let changes: Vec<Change> = (0..count).map(|n| put(&format!("k{n}"), 0)).collect();
        make(&store, &changes)
    };
    assert!(!many(Room::default().items + 1));
    assert_eq!(store.read(|state| state.size.items), 3);
    assert!(many(Room::default().items));
    assert!(!make(&store, &[put("one more", 0)]));
    assert!(make(&store, &[remove("k0"), put("one more", 0)]));
}

#[test]
fn what_seeds_and_writes_take_comes_back_to_nothing_when_it_goes() {
    let store = store();
    let size = || store.read(|state| (state.size.items, state.size.bytes));
    let own = || store.read(|state| state.size.own);
    let before = size();
    assert_eq!(own(), 0);
    assert!(make(
        &store,
        &[put("1", 1), put("9", 9), bury("2"), bury("8"), bury("8")]
    ));
    assert_ne!(size(), before);
    assert!(make(
        &store,
        &[put("1", 0), remove("9"), remove("9"), put("2", 0)]
    ));
    assert!(make(&store, &[put("8", 0), remove("8")]));
    assert_eq!(size(), before);
    assert!(own() > 0);
    assert!(make(&store, &[remove("1"), remove("2")]));
    assert_eq!(own(), 0);
}

#[test]
fn every_write_and_every_reset_gives_a_tag_that_never_was() {
    let store = store();
    let mut tags = HashSet::new();
    let mut note = || assert!(tags.insert(tag(&store, "1")));
    note();
    for _ in 0..3 {
        assert!(make(&store, &[put("1", 7)]));
        note();
        assert_eq!(store.reset(), Ok(()));
        note();
        assert!(make(&store, &[remove("1")]));
        assert_eq!(store.reset(), Ok(()));
        note();
    }
}

#[test]
fn a_reset_brings_back_every_item_in_its_place_and_touches_none_that_is_as_it_was() {
    let store = store();
    let untouched = tag(&store, "3");
    for _ in 0..2 {
        assert!(make(
            &store,
            &[remove("1"), put("2", 5), put("1", 6), put("9", 9)]
        ));
        assert!(make(&store, &[put_in("others", "1", json!({})), bury("7")]));
        assert_eq!(keys(&store), ["2", "3", "1", "9"]);
        assert_eq!(store.reset(), Ok(()));
        assert_eq!(keys(&store), ["1", "2", "3"]);
        assert_eq!(store.read(|state| number(state, "2")), 0);
        assert_eq!(tag(&store, "3"), untouched);
        store.read(|state| {
            assert!(state.collection("others").is_none());
            assert!(!state.is_buried("things", "7"));
            assert_eq!(state.collections().count(), 1);
        });
    }
}

#[test]
fn a_state_that_is_looked_at_stays_as_it_is() {
    let store = store();
    store.read(|state| {
        assert!(make(&store, &[put("1", 7), remove("2"), put("4", 4)]));
        assert_eq!(store.reset(), Ok(()));
        assert!(make(&store, &[put("3", 7)]));
        let seen: Vec<_> = state.collections().collect();
        let [(name, things)] = seen.as_slice() else {
            panic!("{seen:?}");
        };
        let keys: Vec<&str> = things.iter().map(|(key, _)| key).collect();
        assert_eq!((*name, keys), ("things", vec!["1", "2", "3"]));
        assert_eq!(number(state, "1") + number(state, "3"), 0);
    });
    assert_eq!(store.read(|state| number(state, "3")), 7);
}

#[test]
fn of_a_thousand_writers_that_saw_one_tag_one_wins() {
    let store = store();
    let seen = tag(&store, "1");
    let won = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..20 {
            let (store, seen, won) = (&store, &seen, &won);
            scope.spawn(move || {
                for n in 0..50 {
                    let outcome = store.write(UNIX_EPOCH, |state| {
                        let tag = state.item("things", "1").map(|item| item.tag.to_string());
                        match tag == *seen {
                            true => Ok((vec![put("1", thread * 50 + n)], ())),
                            false => Err(()),
                        }
                    });
                    won.fetch_add(
                        usize::from(outcome.is_ok()),
                        std::sync::atomic::Ordering::Relaxed,
                    );
                }
            });
        }
    });
    assert_eq!(won.into_inner(), 1);
}

#[test]
fn no_update_of_many_to_one_item_is_lost() {
    let store = store();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..250 {
                    let written = store.write(UNIX_EPOCH, |state| {
                        Ok::<_, ()>((vec![put("1", number(state, "1") + 1)], ()))
                    });
                    assert!(written.is_ok());
                }
            });
        }
    });
    assert_eq!(store.read(|state| number(state, "1")), 2000);
}

#[test]
fn writers_of_different_items_decide_side_by_side() {
    let store = store();
    let met = Barrier::new(2);
    std::thread::scope(|scope| {
        for key in ["1", "2"] {
            let (store, met) = (&store, &met);
            scope.spawn(move || {
                let mut calls = std::cell::Cell::new(0);
                let written = store.write(UNIX_EPOCH, |state| {
                    calls.set(calls.get() + 1);
                    // Neither comes past here alone.
                    met.wait();
                    Ok::<_, ()>((vec![put(key, number(state, key) + 1)], ()))
                });
                assert!(written.is_ok());
                assert_eq!(*calls.get_mut(), 1);
            });
        }
    });
    let both = store.read(|state| (number(state, "1"), number(state, "2")));
    assert_eq!(both, (1, 1));
}

#[test]
fn of_two_writers_that_each_look_at_what_the_other_writes_one_sees_the_others_write() {
    let store = store();
    let met = Barrier::new(2);
    let sums: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = [("1", "2"), ("2", "1")]
            .into_iter()
            .map(|(own, other)| {
                let (store, met) = (&store, &met);
                scope.spawn(move || {
                    let first = std::cell::Cell::new(true);
                    let (saw, _) = store
                        .write(UNIX_EPOCH, |state| {
                            let saw = number(state, other);
                            if first.replace(false) {
                                met.wait();
                            }
                            Ok::<_, ()>((vec![put(own, 1)], saw))
                        })
                        .expect("not refused");
                    saw
                })
            })
            .collect();
        let join = |writer: std::thread::ScopedJoinHandle<'_, u64>| writer.join().expect("ended");
        writers.into_iter().map(join).collect()
    });
    assert_eq!(sums.iter().sum::<u64>(), 1);
}

#[test]
fn a_writer_decides_again_where_what_it_saw_has_changed_and_only_then() {
    let things = |state: &State| state.collection("things").is_some();
    let whole = |state: &State| state.collection("things").map(|things| things.len());
    let others = |state: &State| state.collection("others").is_some();
    let names = |state: &State| state.collections_from("o").count();
    let again = |meanwhile: &[Change], decide: &dyn Fn(&State) -> usize| {
        let (_, calls) = interrupted(&store(), meanwhile, decide);
        calls > 1
    };
    let other = [put_in("others", "1", json!({}))];
    let item =
        |key: &'static str| move |state: &State| usize::from(state.item("things", key).is_some());
    assert!(again(&[put("1", 5)], &item("1")));
    assert!(again(&[remove("1")], &item("1")));
    assert!(again(&[put("7", 5)], &item("7")));
    assert!(again(&[bury("7")], &item("7")));
    assert!(again(&[remove("1"), put("1", 0)], &item("1")));
    assert!(!again(&[put("2", 5), put("7", 5)], &item("1")));
    assert!(!again(&[put("1", 5)], &|_| 0));
    assert!(!again(&[put("1", 5)], &|state| usize::from(things(state))));
    for change in [put("1", 5), put("7", 5), remove("3"), bury("2")] {
        assert!(again(&[change], &|state| whole(state).unwrap_or(0)));
    }
    assert!(!again(&other, &|state| whole(state).unwrap_or(0)));
    assert!(again(&other, &|state| usize::from(others(state))));
    assert!(again(&other, &names));
    assert!(!again(&[put("1", 5)], &names));
    let get = |state: &State| {
        state
            .collection("things")
            .and_then(|all| all.get("1"))
            .map_or(0, |_| 1)
    };
    assert!(again(&[put("1", 5)], &get));
    assert!(!again(&[put("2", 5)], &get));
    let many = |state: &State| {
        (0..2000)
            .filter_map(|n| state.item("things", &format!("x{n}")))
            .count()
    };
    assert!(again(&[put("2", 5)], &many));
}

#[test]
fn a_copy_of_the_state_notes_what_is_looked_at_as_well() {
    let (saw, calls) = interrupted(&store(), &[put("1", 5)], |state| {
        let copy: State = state.clone();
        std::thread::scope(|scope| {
            let look = scope.spawn(move || number(&copy, "1"));
            look.join().expect("ended")
        })
    });
    assert_eq!((saw, calls), (vec![0, 5], 2));
}

#[test]
fn a_writer_that_is_always_overtaken_gets_its_turn() {
    let store = store();
    let calls = std::cell::Cell::new(0);
    let (seen, _) = store
        .write(UNIX_EPOCH, |state| {
            calls.set(calls.get() + 1);
            let seen = number(state, "1");
            // From the last call on, nobody else can write.
            if calls.get() <= TRIES as u64 {
                assert!(make(&store, &[put("1", calls.get())]));
            }
            Ok::<_, ()>((vec![put("2", 0)], seen))
        })
        .expect("not refused");
    assert_eq!((seen, calls.get()), (TRIES as u64, TRIES as u64 + 1));
}

#[test]
fn a_panic_while_deciding_leaves_the_store_usable() {
    let store = store();
    let panicking = || {
        let calls = std::cell::Cell::new(0);
        let _ = store.write(UNIX_EPOCH, |state| {
            calls.set(calls.get() + 1);
            let n = number(state, "1");
            if calls.get() > TRIES {
                panic!("while the others wait");
            }
            assert!(make(&store, &[put("1", n + 1)]));
            Ok::<_, ()>((vec![put("2", 0)], ()))
        });
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panicking)).is_err());
    assert!(make(&store, &[put("2", 2)]));
    assert_eq!(store.read(|state| number(state, "1")), TRIES as u64);
}

#[test]
fn a_buried_key_is_remembered_until_something_is_put_there() {
    let store = store();
    let is_buried = |key: &str| {
        store.read(|state| {
            let things = state.collection("things").expect("there");
            assert_eq!(things.is_buried(key), state.is_buried("things", key));
            things.is_buried(key)
        })
    };
    assert!(make(&store, &[bury("1"), bury("never was"), remove("2")]));
    assert_eq!(keys(&store), ["3"]);
    assert!(is_buried("1") && is_buried("never was"));
    assert!(!is_buried("2") && !is_buried("3"));
    assert!(make(&store, &[put("1", 1)]));
    assert!(!is_buried("1"));
    assert!(make(&store, &[remove("1")]));
    assert!(!is_buried("1"));
}

#[test]
fn of_buried_keys_the_oldest_are_forgotten() {
    let store = store();
    let many: Vec<Change> = (0..10_002).map(|n| bury(&format!("k{n}"))).collect();
    assert!(make(&store, &many));
    store.read(|state| {
        assert!(!state.is_buried("things", "k0") && !state.is_buried("things", "k1"));
        assert!(state.is_buried("things", "k2") && state.is_buried("things", "k10001"));
    });
}

#[test]
fn a_collection_that_was_no_seed_is_there_while_it_holds_something() {
    let store = store();
    let is_there = |name: &str| store.read(|state| state.collection(name).is_some());
    assert!(make(&store, &[remove("1"), remove("2"), remove("3")]));
    assert!(is_there("things"));
    assert!(make(&store, &[put_in("a", "1", json!({}))]));
    assert!(is_there("a"));
    assert!(make(
        &store,
        &[Change::Remove("a".to_owned(), "1".to_owned())]
    ));
    assert!(!is_there("a"));
    assert!(make(
        &store,
        &[Change::Bury("a".to_owned(), "1".to_owned())]
    ));
    assert!(is_there("a"));
}

#[test]
fn collections_are_found_by_how_their_names_begin() {
    let seeds = ["/a", "/a/1/b", "/a/2/b", "/a/2", "/b", "/"];
    let store = Store::new(seeds.map(|name| seed(name, 0..2)).to_vec(), UNIX_EPOCH);
    store.read(|state| {
        let names = |beginning: &str| {
            let named = state.collections_from(beginning);
            named.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("/a/"), ["/a/1/b", "/a/2", "/a/2/b"]);
        assert_eq!(names("/b"), ["/b"]);
        assert_eq!(names("/c"), [""; 0]);
        assert_eq!(names(""), ["/", "/a", "/a/1/b", "/a/2", "/a/2/b", "/b"]);
    });
}

#[test]
fn a_page_begins_at_any_place_and_a_key_tells_its_own() {
    let store = Store::new(vec![seed("things", 0..1000)], UNIX_EPOCH);
    assert!(make(&store, &[remove("10"), put("10", 1), put("20", 1)]));
    store.read(|state| {
        let things = state.collection("things").expect("there");
        assert_eq!(things.place("9"), Some(9));
        assert_eq!(things.place("11"), Some(10));
        assert_eq!(things.place("10"), Some(999));
        assert_eq!(things.place("none"), None);
        let page: Vec<&str> = things.iter_from(18).take(3).map(|(key, _)| key).collect();
        assert_eq!(page, ["19", "20", "21"]);
        assert_eq!(things.iter_from(998).len(), 2);
        let last = things.iter().next_back();
        assert_eq!(last.map(|(key, _)| key), Some("10"));
    });
}
