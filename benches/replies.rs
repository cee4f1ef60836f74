//! What an answer costs without sockets, as a ratio to a floor that is measured beside it, and
//! which share of it the self-audit takes.
//!
//! `cargo bench [-- WORD…]`; with words, of the answers whose names have one of them. The floor of
//! a reply that only has to be sent is the same reply, copied. That of one that judges a body is
//! one bare `jsonschema` validation of it, with `serde_json` from its text and to the reply's.

use counterpart::contract::{AuthSettings, Contract};
use counterpart::exchange::Exchange;
use counterpart::spec::Source;
use counterpart::wire::{Bytes, HeaderName, Method, Reply, Request, StatusCode, header};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often each thing is measured, in turn with the others: so many runs of so many rounds. A run
/// tells the middle of its rounds, which a machine with other things to do doesn't shift much.
const RUNS: usize = 15;
const ROUNDS: usize = 102;
/// How long a measurement takes at least, so that the clock's grain and a call of it don't count.
const BATCH: Duration = Duration::from_micros(80);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let mut cases = cases()?;
    cases.retain(|case| words.is_empty() || words.iter().any(|word| case.name.contains(*word)));
    for round in 0..RUNS * ROUNDS {
        cases.iter_mut().for_each(|case| case.measure(round));
    }
    println!(
        "{:<36} {:<26} of that the self-audit",
        "", "times its floor"
    );
    for case in &cases {
        let times = case.spread(|(whole, _, floor)| whole / floor);
        let share = case.spread(|(whole, unaudited, _)| 100.0 * (1.0 - unaudited / whole));
        println!("{:<36} {:<26} {share} %", case.name, times.to_string());
    }
    println!("The middle of {RUNS} runs, and what the middle half of them lies between.");
    Ok(())
}

/// An answer that is measured.
struct Case {
    name: &'static str,
    contract: Arc<Contract>,
    request: Request,
    floor: Box<dyn Fn()>,
    /// How many calls a measurement is of.
    calls: u32,
    /// What a call took in each round: an answer, one without the self-audit, the floor.
    rounds: Vec<(f64, f64, f64)>,
}

impl Case {
    /// `floor` makes the floor of what is answered.
    fn new(
        name: &'static str,
        contract: &Arc<Contract>,
        request: Request,
        status: StatusCode,
        floor: impl FnOnce(Exchange) -> Box<dyn Fn()>,
    ) -> Outcome<Case> {
        let exchange = contract.answer(request.clone());
        if exchange.reply.status != status || !exchange.reply_violations.is_empty() {
            return Err(format!("{name}: {exchange:#?}").into());
        }
        let mut case = Case {
            name,
            contract: Arc::clone(contract),
            request,
            floor: floor(exchange),
            calls: 1,
            rounds: Vec::new(),
        };
        while case.time(Contract::answer_unaudited) * f64::from(case.calls) < BATCH.as_secs_f64() {
            case.calls *= 2;
        }
        Ok(case)
    }

    /// The three things, each as often behind each of the others, so that none gains by its place.
    fn measure(&mut self, round: usize) {
        let (mut whole, mut unaudited, mut floor) = (0.0, 0.0, 0.0);
        for turn in 0..3 {
            let step = 1 + round / 3 % 2;
            match (round + turn * step) % 3 {
                0 => whole = self.time(Contract::answer),
                1 => unaudited = self.time(Contract::answer_unaudited),
                _ => floor = self.time_floor(),
            }
        }
        self.rounds.push((whole, unaudited, floor));
    }

    /// What the runs tell of something that each round does.
    fn spread(&self, of: impl Fn(&(f64, f64, f64)) -> f64) -> Spread {
        let runs = self.rounds.chunks(ROUNDS);
        Spread::of(runs.map(|rounds| Spread::of(rounds.iter().map(&of)).middle))
    }

    /// The seconds that a call takes; to copy the request isn't counted.
    fn time(&self, answer: fn(&Contract, Request) -> Exchange) -> f64 {
        let requests = (0..self.calls).map(|_| self.request.clone());
        let requests: Vec<Request> = requests.collect();
        black_box(answer(&self.contract, self.request.clone()));
        let at = Instant::now();
        for request in requests {
            black_box(answer(&self.contract, request));
        }
        at.elapsed().as_secs_f64() / f64::from(self.calls)
    }

    fn time_floor(&self) -> f64 {
        // The floor is much lower, and has to be timed as long.
        let calls = self.calls * 8;
        (self.floor)();
        let at = Instant::now();
        (0..calls).for_each(|_| (self.floor)());
        at.elapsed().as_secs_f64() / f64::from(calls)
    }
}

/// The middle of some numbers, and what their middle half lies between.
struct Spread {
    low: f64,
    middle: f64,
    high: f64,
}

impl Spread {
    fn of(numbers: impl Iterator<Item = f64>) -> Spread {
        let mut numbers: Vec<f64> = numbers.collect();
        numbers.sort_by(f64::total_cmp);
        let at = |quarters: usize| numbers[(numbers.len() - 1) * quarters / 4];
        Spread {
            low: at(1),
            middle: at(2),
            high: at(3),
        }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Spread { low, middle, high } = self;
        write!(f, "{middle:.1} ({low:.1} to {high:.1})")
    }
}

const DOCUMENT: &str = r##"
openapi: 3.1.1
info: {title: Pets, version: '1'}
paths:
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        '200':
          description: A pet
          headers:
            X-Rate-Limit: {required: true, schema: {type: integer, minimum: 1}}
            Cache-Control: {schema: {type: string}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example:
                {id: 7, name: Rex, status: available, bornAt: '2020-05-17', weight: 12.5,
                 owner: {email: mia@example.com, name: Mia}, tags: [small, brown]}
  /samples:
    get:
      responses:
        '200': &sampled
          description: A pet
          headers: {X-Rate-Limit: {required: true, schema: {type: integer, minimum: 1}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
  /samples/{petId}:
    post:
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses: {'201': *sampled}
  /xml:
    get:
      responses:
        '200':
          description: A pet
          content: {application/xml: {schema: {$ref: '#/components/schemas/Pet'}}}
components:
  schemas:
    Pet:
      type: object
      required: [id, name, status, owner]
      properties:
        id: {type: integer, minimum: 1}
        name: {type: string, minLength: 1, maxLength: 80}
        status: {enum: [available, pending, sold]}
        bornAt: {type: string, format: date}
        weight: {type: number, exclusiveMinimum: 0}
        owner:
          type: object
          required: [email]
          properties:
            email: {type: string, format: email}
            name: {type: string}
        tags: {type: array, maxItems: 5, items: {type: string, pattern: '^[a-z]+$'}}
"##;

const SESSION: &str = "/v1/sessions/11111111-1111-4111-8111-111111111111";

fn cases() -> Outcome<Vec<Case>> {
    let pets = Arc::new(Contract::from_text("pets.yaml", DOCUMENT)?);
    let path = Path::new("specs/live.yaml");
    let live = Arc::new(Contract::load(path, Some(Path::new("fixtures/live")))?);
    let document = Arc::new(Source::new("live.yaml", std::fs::read_to_string(path)?)).parse()?;
    let update = Arc::new(jsonschema::validator_for(&json!({
        "$ref": "#/components/schemas/UpdateSession",
        "components": document["components"],
    }))?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let token = AuthSettings::default().token(&live.scopes(), now.as_secs(), 3_600);
    let token = format!("Bearer {token}");
    let ask =
        |method, target: &str| Request::new(method, target).with_header(header::ACCEPT, "*/*");
    let get = |target: &str| ask(Method::GET, target);
    let with_json = |method, target: &str, body: &Value| {
        ask(method, target)
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_body(body.to_string())
    };
    let post =
        json!({"id": 12, "name": "Bella", "status": "sold", "owner": {"email": "a@b.example"}});
    let prefer = HeaderName::from_static("prefer");
    let change = |body| with_json(Method::PATCH, SESSION, &body);
    let right = change(json!({"title": "Evening flow", "max_participants": 12}));
    let wrong = change(json!({"title": "", "max_participants": 1.5}));
    let as_host = |request: Request| request.with_header(header::AUTHORIZATION, &token);
    let judging = |exchange| judged(exchange, Arc::clone(&update));
    let judging_too = |exchange| judged(exchange, Arc::clone(&update));
    let (ok, created) = (StatusCode::OK, StatusCode::CREATED);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let drawn = get("/samples").with_header(prefer, "dynamic=true, seed=1");
    let put = with_json(Method::POST, "/samples/12", &post);
    Ok(vec![
        Case::new("GET, an example", &pets, get("/pets/7"), ok, copied)?,
        Case::new("GET, a sample", &pets, get("/samples"), ok, copied)?,
        Case::new("POST, a sample with an echo", &pets, put, created, copied)?,
        Case::new("GET, Prefer: dynamic=true", &pets, drawn, ok, copied)?,
        Case::new("GET, XML", &pets, get("/xml"), ok, copied)?,
        Case::new("GET, stored", &live, as_host(get(SESSION)), ok, copied)?,
        Case::new("PATCH, stored", &live, as_host(right), ok, judging)?,
        Case::new("PATCH, 422", &live, as_host(wrong), refused, judging_too)?,
    ])
}

fn copied(exchange: Exchange) -> Box<dyn Fn()> {
    let reply = exchange.reply;
    Box::new(move || {
        black_box(Reply {
            status: reply.status,
            headers: reply.headers.clone(),
            body: Bytes::copy_from_slice(&reply.body),
        });
    })
}

fn judged(exchange: Exchange, validator: Arc<Validator>) -> Box<dyn Fn()> {
    let body = exchange.request.body;
    let reply = exchange.reply.body_json().unwrap_or_default();
    Box::new(move || {
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        black_box(validator.iter_errors(&body).count());
        black_box(reply.to_string());
    })
}
