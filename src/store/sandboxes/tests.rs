use super::super::{Change, Item};
use super::*;
use serde_json::json;

const IDLE: Duration = Duration::from_secs(60);

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn sandboxes(count: usize) -> Sandboxes {
    let item = |n: usize| (n.to_string(), json!({"n": n}));
    let seed = Seed {
        collection: "things".to_owned(),
        items: (0..count).map(item).collect(),
    };
    Sandboxes::new(vec![seed], UNIX_EPOCH, IDLE)
}

fn put(store: &Store, key: &str, text: &str) -> bool {
    let change = Change::Put("things".to_owned(), key.to_owned(), json!({"n": text}));
    let put: Result<((), Vec<Item>), ()> =
        store.write(UNIX_EPOCH, |_| Ok((vec![change.clone()], ())));
    put.is_ok()
}

fn remove(store: &Store, key: &str) {
    let change = Change::Remove("things".to_owned(), key.to_owned());
    let removed = store.write(UNIX_EPOCH, |_| Ok::<_, ()>((vec![change.clone()], ())));
    assert!(removed.is_ok());
}

fn shown(store: &Store, key: &str) -> String {
    store.read(|state| {
        let item = state.item("things", key);
        item.map_or("none".to_owned(), |item| item.value["n"].to_string())
    })
}

fn named(sandboxes: &Sandboxes, name: &str, seconds: u64) -> Arc<Sandbox> {
    sandboxes.named(name, at(seconds)).expect("there is room")
}

#[test]
fn each_sandbox_begins_with_the_seeds_and_sees_no_other() {
    let all = sandboxes(3);
    assert!(put(all.main(), "1", "main"));
    let (a, b) = (named(&all, "a", 0), named(&all, "b", 0));
    assert!(put(a.store(), "1", "a"));
    remove(b.store(), "1");
    assert_eq!(shown(all.main(), "1"), "\"main\"");
    assert_eq!(shown(named(&all, "a", 1).store(), "1"), "\"a\"");
    assert_eq!(shown(named(&all, "b", 1).store(), "1"), "none");
    assert_eq!(shown(named(&all, "c", 1).store(), "1"), "1");
}

#[test]
fn one_that_is_used_stays_and_one_that_is_idle_begins_anew() {
    let all = sandboxes(3);
    assert!(put(named(&all, "used", 0).store(), "1", "x"));
    assert!(put(named(&all, "idle", 0).store(), "1", "x"));
    assert_eq!(shown(named(&all, "used", 40).store(), "1"), "\"x\"");
    assert_eq!(shown(named(&all, "used", 99).store(), "1"), "\"x\"");
    let names = |seconds| {
        let listed = all.list(at(seconds)).expect("listed").into_iter();
        listed.map(|status| status.name).collect::<Vec<_>>()
    };
    assert_eq!(names(99), ["used"]);
    assert_eq!(shown(named(&all, "idle", 99).store(), "1"), "1");
    assert_eq!(names(99), ["idle", "used"]);
    assert_eq!(all.expire(at(159)), 2);
    assert_eq!(names(0), [""; 0]);
    // A clock that is set back makes none idle.
    assert!(put(named(&all, "back", 200).store(), "1", "x"));
    assert_eq!(shown(named(&all, "back", 100).store(), "1"), "\"x\"");
}

#[test]
fn there_are_so_many_and_no_more_until_one_goes() {
    let mut all = sandboxes(3);
    all.most = 3;
    for name in ["a", "b", "c"] {
        named(&all, name, 0);
    }
    let refused = all.named("d", at(1)).expect_err("as many as there may be");
    assert_eq!(
        refused.to_string(),
        "there are 3 sandboxes, as many as there may be: let some go, or wait until one was idle for 60 s"
    );
    named(&all, "a", 50);
    assert_eq!(all.forget("b"), Ok(true));
    assert_eq!(all.forget("b"), Ok(false));
    named(&all, "d", 51);
    // Those that are idle make room.
    named(&all, "e", 60);
    let names: Vec<String> = all
        .list(at(60))
        .expect("listed")
        .into_iter()
        .map(|status| status.name)
        .collect();
    assert_eq!(names, ["a", "d", "e"]);
    assert_eq!(all.forget_all(), Ok(()));
    assert_eq!(all.list(at(60)).expect("listed"), []);
}

#[test]
fn what_a_sandbox_changed_is_told_and_a_reset_undoes_it() {
    let all = sandboxes(1000);
    let a = named(&all, "a", 5);
    let changed = |name: &str| {
        let listed = all
            .list(at(5))
            .expect("listed")
            .into_iter()
            .find(|status| status.name == name);
        listed.map(|status| (status.changed, status.bytes > 0, status.used))
    };
    assert_eq!(changed("a"), Some((0, false, at(5))));
    assert_eq!(changed("b"), None);
    remove(a.store(), "7");
    assert_eq!(changed("a"), Some((1, false, at(5))));
    assert!(put(a.store(), "8", "x") && put(a.store(), "new", "x") && put(a.store(), "7", "x"));
    assert_eq!(changed("a"), Some((3, true, at(5))));
    assert_eq!(all.reset_named("a", at(5)), Ok(true));
    assert_eq!(all.reset_named("b", at(5)), Ok(false));
    assert_eq!(changed("a"), Some((0, false, at(5))));
    assert_eq!(shown(a.store(), "7"), "7");
}

#[test]
fn what_sandboxes_take_together_is_bounded_and_comes_back_when_they_go() {
    let mut all = sandboxes(3);
    all.budget = Arc::new(Budget::new(10_000));
    let large = "x".repeat(4_000);
    let (a, b) = (named(&all, "a", 0), named(&all, "b", 0));
    assert!(put(a.store(), "1", &large) && put(b.store(), "1", &large));
    assert!(!put(a.store(), "2", &large));
    // What takes the place of as much fits, and what is less.
    assert!(put(a.store(), "1", &large) && put(a.store(), "1", "small"));
    assert!(put(b.store(), "2", &large));
    assert!(!put(a.store(), "1", &large));
    assert_eq!(b.store().reset(), Ok(()));
    assert!(put(a.store(), "1", &large));
    assert!(put(b.store(), "1", &large));
    drop(b);
    assert_eq!(all.forget("b"), Ok(true));
    assert!(put(a.store(), "2", &large));
    // The main store has its own bounds.
    assert!(put(all.main(), "1", &"x".repeat(20_000)));
}

#[test]
fn many_threads_that_ask_for_one_name_get_one_sandbox() {
    let all = sandboxes(3);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let all = &all;
            scope.spawn(move || {
                for n in 0..100 {
                    let sandbox = named(all, &format!("s{n}"), 0);
                    assert!(put(sandbox.store(), &format!("k{thread}"), "x"));
                }
            });
        }
    });
    let listed = all.list(at(0)).expect("listed");
    assert_eq!(listed.len(), 100);
    assert!(
        listed.iter().all(|status| status.changed == 8),
        "{listed:?}"
    );
}

/// What the process takes, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("proc");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    number.expect("kilobytes") * 1024
}

/// Runs alone in a process of its own, as `a_sandbox_takes_what_it_changed` starts it.
#[test]
#[ignore = "started by another test"]
#[cfg(target_os = "linux")]
fn memory_of_sandboxes() {
    let mut all = sandboxes(100_000);
    all.most = 100_000;
    let before = resident();
    let names: Vec<String> = (0..20_000).map(|n| format!("sandbox-{n}")).collect();
    for name in &names {
        assert_eq!(shown(named(&all, name, 0).store(), "7"), "7");
    }
    let untouched = resident().saturating_sub(before) / names.len();
    for name in &names {
        assert!(put(named(&all, name, 0).store(), "7", "changed"));
    }
    let changed = resident().saturating_sub(before) / names.len();
    println!("bytes: {untouched} {changed}");
    assert!(untouched < 1024, "{untouched}");
    assert!(changed < 20 * 1024, "{changed}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_sandbox_takes_what_it_changed() {
    let program = std::env::current_exe().expect("this program");
    let test = "store::sandboxes::tests::memory_of_sandboxes";
    let output = std::process::Command::new(program)
        .args([test, "--exact", "--ignored", "--nocapture"])
        .output()
        .expect("started");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}
