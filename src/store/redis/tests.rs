//! Against a server of its own for each test.

use super::super::{Change, Sandboxes, SeedsSince, State, Store, Unwritten};
use super::*;
use crate::store::Seed;
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Instant, SystemTime};

const IDLE: Duration = Duration::from_secs(3600);

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start() -> Server {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let spawn = |program: &str| {
            let mut process = Process::new(program);
            process.args(["--bind", "127.0.0.1", "--save", "", "--port"]);
            process.arg(port.to_string()).stdout(Stdio::null()).spawn()
        };
        let child = spawn("valkey-server").or_else(|_| spawn("redis-server"));
        let child = child.expect("needs valkey-server or redis-server on the PATH");
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "no server");
            std::thread::sleep(Duration::from_millis(10));
        }
        Server { child, port }
    }

    fn ledger(&self) -> RedisLedger {
        let url = format!("redis://127.0.0.1:{}", self.port);
        RedisLedger::open(&url.parse().expect("a URL")).expect("a server")
    }

    /// What a process has that shares it.
    fn process(&self, items: usize) -> (Sandboxes, SeedsSince) {
        let item = |n: usize| (n.to_string(), json!({"n": n}));
        let seeds = vec![Seed {
            collection: "things".to_owned(),
            items: (0..items).map(item).collect(),
        }];
        let fingerprint = Seed::fingerprint(&seeds);
        let ledger: Arc<dyn Ledger> = Arc::new(self.ledger());
        let given = (seeds, fingerprint);
        Sandboxes::kept((ledger, "a:{pi}"), given, SystemTime::now(), IDLE).expect("kept")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All that can be seen of a store.
fn whole(store: &Store) -> Vec<String> {
    store.read(|state| {
        let mut lines = Vec::new();
        for (name, items) in state.collections() {
            lines.push(format!("{name} {}", items.tag()));
            let shown = items.iter().map(|(key, item)| {
                let (tag, modified) = (&item.tag, item.modified);
                format!("{key} {} {tag} {modified:?}", item.value)
            });
            lines.extend(shown);
            for key in 0..12 {
                let key = key.to_string();
                lines.push(format!("{key} {}", items.is_buried(&key)));
            }
        }
        lines.push(format!("{} {:?}", state.revision, state.size));
        lines
    })
}

fn make(store: &Store, changes: Vec<Change>) -> Result<(), Unwritten> {
    let decide = |_: &State| Ok::<_, Unwritten>((changes.clone(), ()));
    store.write(SystemTime::now(), decide).map(drop)
}

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn whatever_processes_write_in_turn_all_have_the_same() {
    let server = Server::start();
    let (one, _) = server.process(4);
    let (other, since) = server.process(4);
    assert_eq!(since, SeedsSince::Unchanged);
    let mut dice = Dice(7);
    for round in 0..600 {
        let (writer, reader) = match dice.roll(2) {
            0 => (&one, &other),
            _ => (&other, &one),
        };
        let now = SystemTime::now();
        let name = ["", "x", "y"][dice.roll(3) as usize];
        let changes = (0..=dice.roll(3)).map(|_| {
            let collection = ["things", "more"][dice.roll(2) as usize].to_owned();
            let key = dice.roll(12).to_string();
            match dice.roll(4) {
                0 => Change::Remove(collection, key),
                1 => Change::Bury(collection, key),
                _ => Change::Put(collection, key, json!({"n": round})),
            }
        });
        let changes: Vec<Change> = changes.collect();
        if name.is_empty() {
            // Some are overtaken, and have to be made of what the other wrote.
            if dice.roll(2) == 0 {
                writer.catch_up().expect("a server");
            }
            match dice.roll(20) {
                0 => writer.reset().expect("a server"),
                _ => make(writer.main(), changes).expect("a server"),
            }
            reader.catch_up().expect("a server");
            assert_eq!(whole(writer.main()), whole(reader.main()), "{round}");
            continue;
        }
        let sandbox = writer.named(name, now).expect("a server");
        match dice.roll(20) {
            0 => sandbox.store().reset().expect("a server"),
            1 => assert_eq!(writer.forget(name), Ok(true)),
            _ => make(sandbox.store(), changes).expect("a server"),
        }
        let [mine, theirs] = [writer, reader].map(|all| {
            let sandbox = all.named(name, now).expect("a server");
            whole(sandbox.store())
        });
        assert_eq!(mine, theirs, "{round}");
    }
    let (third, _) = server.process(4);
    assert_eq!(whole(third.main()), whole(one.main()));
    assert_eq!(third.list(SystemTime::now()).map(|all| all.len()), Ok(2));
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn who_lags_far_behind_reads_the_whole_and_the_log_stays_within_its_bounds() {
    let server = Server::start();
    let (one, _) = server.process(2);
    let (other, _) = server.process(2);
    let put = |n: usize| Change::Put("things".to_owned(), "1".to_owned(), json!({"n": n}));
    for n in 0..1_200 {
        make(one.main(), vec![put(n)]).expect("a server");
    }
    let mut connection = one_connection(&server);
    let length = redis::cmd("LLEN")
        .arg("counterpart:{a%3a%7bpi%7d}:log:")
        .query(&mut connection);
    assert_eq!(length, Ok(1_000));
    other.catch_up().expect("a server");
    assert_eq!(whole(one.main()), whole(other.main()));
    let large = "x".repeat(1024 * 1024);
    for n in 0..20 {
        let item = json!({"n": n, "large": large});
        let put = Change::Put("things".to_owned(), "1".to_owned(), item);
        make(one.main(), vec![put]).expect("a server");
    }
    let length = redis::cmd("LLEN")
        .arg("counterpart:{a%3a%7bpi%7d}:log:")
        .query(&mut connection);
    assert_eq!(length, Ok(7));
    other.catch_up().expect("a server");
    assert_eq!(whole(one.main()), whole(other.main()));
}

fn one_connection(server: &Server) -> redis::Connection {
    let url = format!("redis://127.0.0.1:{}", server.port);
    let client = redis::Client::open(url).expect("a URL");
    client.get_connection().expect("a server")
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_page_is_kept_by_who_knows_what_was_before_alone() {
    let server = Server::start();
    let ledger = server.ledger();
    let planting = |fingerprint: &str| Planting {
        seeds: Vec::new(),
        fingerprint: fingerprint.to_owned(),
        planted: UNIX_EPOCH,
        after: 0,
    };
    let mark = ledger
        .plant("api", &planting("1"), None)
        .expect("a server")
        .expect("first");
    assert_eq!(ledger.plant("api", &planting("1"), None), Ok(None));
    let page = |since: Mark| Page {
        whose: Whose {
            api: "api".into(),
            sandbox: None,
        },
        since,
        revision: 1,
        is_fresh: false,
        collections: Vec::new(),
        records: Vec::new(),
    };
    let kept = ledger.keep(page(mark)).expect("a server");
    let Receipt::Kept(next) = kept else {
        panic!("{kept:?}");
    };
    assert!(next.version > mark.version);
    assert_eq!(ledger.keep(page(mark)), Ok(Receipt::Overtaken));
    assert!(matches!(ledger.keep(page(next)), Ok(Receipt::Kept(_))));
    let anew = ledger
        .plant("api", &planting("2"), Some(mark))
        .expect("a server");
    let anew = anew.expect("those that are there");
    assert_eq!(ledger.keep(page(next)), Ok(Receipt::Begun));
    assert_eq!(ledger.plant("api", &planting("3"), Some(mark)), Ok(None));
    assert_eq!(ledger.ask(&page(anew).whose, anew, false), Ok(News::Same));
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_page_that_is_sent_again_is_the_one_that_is_kept_and_not_one_that_came_before_it() {
    let server = Server::start();
    let (one, _) = server.process(2);
    let put = |n: usize| Change::Put("things".to_owned(), "1".to_owned(), json!({"n": n}));
    let mut connection = one_connection(&server);
    let last = |connection: &mut redis::Connection| -> Vec<Vec<u8>> {
        let all = redis::cmd("LRANGE")
            .arg("counterpart:{a%3a%7bpi%7d}:log:")
            .arg(0)
            .arg(-1)
            .query(connection);
        all.expect("a log")
    };
    for n in 0..3 {
        make(one.main(), vec![put(n)]).expect("a server");
    }
    let log = last(&mut connection);
    let parts: Vec<&[u8]> = log[1].splitn(3, |&octet| octet == b' ').collect();
    let [made, since, page] = parts[..] else {
        panic!("no entry");
    };
    let epoch: String = redis::cmd("HGET")
        .arg("counterpart:{a%3a%7bpi%7d}:meta")
        .arg("epoch")
        .query(&mut connection)
        .expect("an epoch");
    let keys = ["meta", "stores", "used", "records:", "log:"];
    let keys = keys.map(|kind| format!("counterpart:{{a%3a%7bpi%7d}}:{kind}"));
    let mut send = |page: &[u8]| -> Vec<Vec<u8>> {
        let arguments: [&[u8]; 6] = [b"", epoch.as_bytes(), since, b"", page, b"0"];
        let command = run(&KEEP, &keys, &arguments);
        command.query(&mut connection).expect("an answer")
    };
    assert_eq!(send(page), [b"kept".as_slice(), made]);
    assert_eq!(send(b"another"), [b"overtaken"]);
    assert_eq!(last(&mut connection), log);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn seeds_of_another_process_are_read_whole_and_in_order() {
    let server = Server::start();
    let (one, since) = server.process(20_500);
    assert_eq!(since, SeedsSince::Planted);
    let (other, since) = server.process(3);
    assert_eq!(since, SeedsSince::Changed);
    assert_eq!(whole(one.main()), whole(other.main()));
    other.reset().expect("a server");
    one.catch_up().expect("a server");
    assert_eq!(whole(one.main()), whole(other.main()));
    assert_eq!(one.main().read(|state| state.size.items), 3);
    assert_eq!(one.notices().len(), 1);
}
