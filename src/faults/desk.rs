use super::latency::unit;
use super::{Conduct, Latency, Placement, Rule, Told};
use crate::sample::Draw;
use crate::wire::Method;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The rules of a server. They are looked at in their order, and the first that acts says how late
/// a reply is; the first with a fault or a status, what becomes of it.
#[derive(Debug, Default)]
pub struct Behaviour {
    /// Whether there is anything to look at. Most servers have no rules, and ask nothing else.
    is_set: AtomicBool,
    rules: RwLock<Arc<Rules>>,
    /// What is drawn from where the rules don't say; nothing leaves it to chance.
    seed: Option<String>,
}

/// What a request is to the rules.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'r> {
    /// The number of its API.
    pub api: usize,
    /// The number of its operation in that API, where it has one.
    pub operation: Option<usize>,
    /// Its method.
    pub method: &'r Method,
    /// Its path within the API, and what is left of it behind a base path, percent-encoded.
    pub paths: &'r [&'r str],
    /// The sandbox that it is for, where it names one.
    pub sandbox: Option<&'r str>,
}

/// A rule with what its scope means.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    /// The rule.
    pub rule: Rule,
    /// Which requests it is for.
    pub place: Placement,
    /// What it answers, where it says that itself: to each operation that it is for.
    pub replies: Vec<((usize, usize), Told)>,
}

#[derive(Debug, Clone, Default)]
struct Rules {
    /// As it was given.
    seed: Option<String>,
    rules: Vec<Arc<Standing>>,
    /// What the server was started with; it stays, behind all others.
    usual: Option<Arc<Standing>>,
}

/// A rule at work.
#[derive(Debug)]
struct Standing {
    placed: Placed,
    draw: Mutex<Draw>,
    /// The requests that it was asked about.
    seen: AtomicU64,
    /// Those that it acted in.
    acted: AtomicU64,
}

impl Behaviour {
    /// No rules yet; what those draw that are given without a seed is the same for this one, and
    /// another each time where it is empty.
    pub fn of(seed: &str) -> Behaviour {
        Behaviour {
            seed: (!seed.is_empty()).then(|| seed.to_owned()),
            ..Behaviour::default()
        }
    }

    /// Has these rules and no others. What they draw is the same for the same seed.
    pub fn replace(&self, seed: Option<String>, rules: Vec<Placed>) {
        let draw = self.stream(seed.as_deref());
        let standing =
            |(number, placed)| Arc::new(Standing::new(placed, draw.fork(&format!("{number}"))));
        let rules = rules.into_iter().enumerate().map(standing).collect();
        self.change(|now| Rules {
            seed,
            rules,
            usual: now.usual.clone(),
        });
    }

    /// How late replies are where no rule says otherwise.
    pub fn usually(&self, latency: Latency) {
        let rule = Rule {
            latency: Some(latency),
            ..Rule::default()
        };
        let placed = Placed {
            rule,
            ..Placed::default()
        };
        let draw = self.stream(None).fork("usual");
        let usual = Some(Arc::new(Standing::new(placed, draw)));
        self.change(|now| Rules {
            usual,
            ..now.clone()
        });
    }

    /// Has replies be as late as another behaviour has them where no rule says otherwise.
    pub fn usually_as(&self, other: &Behaviour) {
        let usual = other.now().usual.clone();
        self.change(|now| Rules {
            usual,
            ..now.clone()
        });
    }

    /// Drops the rules, all of them or those for one API alone.
    pub fn clear(&self, api: Option<usize>) {
        self.change(|now| {
            let mut rules = now.clone();
            let stays =
                |standing: &Arc<Standing>| api.is_some() && standing.placed.place.api != api;
            rules.rules.retain(stays);
            rules.seed = rules.seed.filter(|_| !rules.rules.is_empty());
            rules
        });
    }

    /// Drops the rules for one sandbox.
    pub fn clear_sandbox(&self, name: &str) {
        self.change(|now| {
            let mut rules = now.clone();
            let own = Some(name);
            rules
                .rules
                .retain(|standing| standing.placed.place.sandbox.as_deref() != own);
            rules.seed = rules.seed.filter(|_| !rules.rules.is_empty());
            rules
        });
    }

    /// The seed and the rules that aren't gone, with the times that they have left.
    pub fn rules(&self) -> (Option<String>, Vec<Rule>) {
        let now = self.now();
        let rules = now.rules.iter().filter_map(|standing| standing.left());
        (now.seed.clone(), rules.collect())
    }

    /// Whether any rule has to be looked at.
    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Acquire)
    }

    /// Adds to a request's conduct what the rules say, where it leaves that open.
    pub fn add_to(&self, conduct: &mut Conduct, asked: Asked<'_>) {
        let now = self.now();
        for standing in now.rules.iter().chain(&now.usual) {
            let rule = &standing.placed.rule;
            let delays = rule.latency.filter(|_| conduct.delay.is_none());
            let is_whole = conduct.fault.is_none() && conduct.status.is_none();
            let says = rule.fault.is_some() || rule.status.is_some() || rule.reply.is_some();
            let breaks = is_whole && says;
            if (delays.is_none() && !breaks) || !standing.placed.takes(asked) || !standing.acts() {
                continue;
            }
            if let Some(latency) = delays {
                conduct.delay = Some(latency.draw(&mut standing.draw()));
            }
            if breaks {
                conduct.fault = rule.fault;
                conduct.status = rule.status;
                conduct.retry_after = rule.retry_after;
                if let Some(told) = standing.placed.reply(asked) {
                    conduct.status = Some(told.0.status);
                    conduct.reply = Some(told.clone());
                }
            }
        }
    }

    fn stream(&self, seed: Option<&str>) -> Draw {
        match seed.or(self.seed.as_deref()) {
            Some(seed) => Draw::of(seed),
            None => Draw::of(&chance()),
        }
    }

    fn now(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&Rules) -> Rules) {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&rules);
        let is_set = !changed.rules.is_empty() || changed.usual.is_some();
        *rules = Arc::new(changed);
        self.is_set.store(is_set, Ordering::Release);
    }
}

impl Placed {
    /// What it answers to a request, where it says that itself.
    fn reply(&self, asked: Asked<'_>) -> Option<&Told> {
        let operation = (asked.api, asked.operation?);
        let mut replies = self.replies.iter();
        let (_, reply) = replies.find(|(own, _)| *own == operation)?;
        Some(reply)
    }

    /// Whether there is something that it does to a request: a rule with a reply has to have one
    /// for its operation.
    fn takes(&self, asked: Asked<'_>) -> bool {
        self.place.takes(asked) && (self.rule.reply.is_none() || self.reply(asked).is_some())
    }
}

impl Standing {
    fn new(placed: Placed, draw: Draw) -> Standing {
        Standing {
            placed,
            draw: Mutex::new(draw),
            seen: AtomicU64::new(0),
            acted: AtomicU64::new(0),
        }
    }

    /// Whether it acts in a request that it is for: by its burst, then by chance, and as long as
    /// it isn't gone.
    fn acts(&self) -> bool {
        let rule = &self.placed.rule;
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        let in_burst = rule.burst.is_none_or(|burst| burst.takes(number));
        if !in_burst
            || rule
                .probability
                .is_some_and(|likely| unit(&mut self.draw()) >= likely)
        {
            return false;
        }
        let Some(times) = rule.times else {
            return true;
        };
        let next = |acted| (acted < times).then_some(acted + 1);
        let counted = (Ordering::Relaxed, Ordering::Relaxed);
        self.acted.fetch_update(counted.0, counted.1, next).is_ok()
    }

    /// The rule as it would be given now; nothing where it is gone.
    fn left(&self) -> Option<Rule> {
        let mut rule = self.placed.rule.clone();
        if let Some(times) = &mut rule.times {
            *times -= self.acted.load(Ordering::Relaxed).min(*times);
        }
        (rule.times != Some(0)).then_some(rule)
    }

    fn draw(&self) -> std::sync::MutexGuard<'_, Draw> {
        self.draw.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A seed that nobody chose. The standard library keeps the only source of chance that is at hand
/// everywhere: the keys of its hash maps.
fn chance() -> String {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::{Burst, Fault, PathMeant};
    use super::*;
    use crate::wire::StatusCode;
    use std::time::Duration;

    fn placed(rule: Rule) -> Placed {
        Placed {
            rule,
            ..Placed::default()
        }
    }

    fn failing() -> Rule {
        Rule {
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            ..Rule::default()
        }
    }

    fn of(rules: Vec<Placed>) -> Behaviour {
        let behaviour = Behaviour::default();
        behaviour.replace(Some("1".to_owned()), rules);
        behaviour
    }

    fn ask(behaviour: &Behaviour) -> Conduct {
        let mut conduct = Conduct::default();
        let asked = Asked {
            api: 0,
            operation: Some(3),
            method: &Method::GET,
            paths: &["/pets/p-1"],
            sandbox: Some("one"),
        };
        behaviour.add_to(&mut conduct, asked);
        conduct
    }

    /// `x` for each of so many requests that failed, `.` for each that didn't.
    fn pattern(behaviour: &Behaviour, count: usize) -> String {
        let failed = (0..count).map(|_| ask(behaviour).status.is_some());
        failed
            .map(|failed| if failed { 'x' } else { '.' })
            .collect()
    }

    #[test]
    fn without_rules_nothing_is_done() {
        assert!(ask(&Behaviour::default()).is_plain());
        let behaviour = of(vec![placed(failing())]);
        assert_eq!(pattern(&behaviour, 3), "xxx");
        behaviour.clear(None);
        assert!(ask(&behaviour).is_plain());
    }

    #[test]
    fn a_rule_with_times_acts_so_often_and_is_gone() {
        let once = |code| Rule {
            status: StatusCode::from_u16(code).ok(),
            times: Some(1),
            ..Rule::default()
        };
        let behaviour = of(vec![placed(once(503)), placed(once(500))]);
        assert_eq!(ask(&behaviour).status, StatusCode::from_u16(503).ok());
        assert_eq!(behaviour.rules().1, [once(500)]);
        assert_eq!(ask(&behaviour).status, StatusCode::from_u16(500).ok());
        assert!(ask(&behaviour).is_plain());
        assert_eq!(behaviour.rules().1, []);
    }

    #[test]
    fn a_burst_acts_and_rests_in_turn() {
        let rule = Rule {
            burst: Some(Burst { on: 2, off: 3 }),
            times: Some(5),
            ..failing()
        };
        assert_eq!(pattern(&of(vec![placed(rule)]), 14), "xx...xx...x...");
    }

    #[test]
    fn chance_is_as_likely_as_it_says_and_the_same_for_a_seed() {
        let rules = || {
            let rule = Rule {
                probability: Some(0.25),
                ..failing()
            };
            vec![placed(rule)]
        };
        let drawn = pattern(&of(rules()), 1_000);
        let failed = drawn.matches('x').count();
        assert!((200..300).contains(&failed), "{failed}");
        assert_eq!(pattern(&of(rules()), 1_000), drawn);
        let unseeded = |behaviour: Behaviour| {
            behaviour.replace(None, rules());
            pattern(&behaviour, 1_000)
        };
        assert_ne!(unseeded(Behaviour::default()), drawn);
        assert_eq!(unseeded(Behaviour::of("1")), drawn);
        let never = Rule {
            probability: Some(0.0),
            ..failing()
        };
        assert_eq!(pattern(&of(vec![placed(never)]), 3), "...");
    }

    #[test]
    fn each_rule_is_for_its_requests_alone() {
        let of_place = |place| Placed {
            place,
            ..placed(failing())
        };
        let method = |method| {
            of_place(Placement {
                method: Some(method),
                ..Placement::default()
            })
        };
        let path = |api, path: &str| {
            of_place(Placement {
                paths: Some(vec![PathMeant {
                    api,
                    paths: vec![path.to_owned()],
                    operations: Vec::new(),
                }]),
                ..Placement::default()
            })
        };
        let by = |api, operations: Option<Vec<_>>| {
            of_place(Placement {
                api,
                operations,
                ..Placement::default()
            })
        };
        let sandbox = |name: &str| {
            of_place(Placement {
                sandbox: Some(name.to_owned()),
                ..Placement::default()
            })
        };
        for (placed, acts) in [
            (method(Method::GET), true),
            (method(Method::POST), false),
            (path(0, "/pets/{id}"), true),
            (path(1, "/pets/{id}"), false),
            (path(0, "/toys/{id}"), false),
            (by(Some(0), None), true),
            (by(Some(1), None), false),
            (by(None, Some(vec![(1, 3), (0, 3)])), true),
            (by(None, Some(vec![(1, 3), (0, 4)])), false),
            (sandbox("one"), true),
            (sandbox("two"), false),
        ] {
            let shown = format!("{placed:?}");
            assert_eq!(ask(&of(vec![placed])).status.is_some(), acts, "{shown}");
        }
    }

    #[test]
    fn the_first_that_has_something_to_say_says_it() {
        let late = |millis| Rule {
            latency: Some(Latency::Fixed(millis)),
            ..Rule::default()
        };
        let dropping = Rule {
            fault: Some(Fault::Drop),
            times: Some(1),
            ..late(5.0)
        };
        let behaviour = of(vec![
            placed(late(10.0)),
            placed(dropping),
            placed(failing()),
        ]);
        behaviour.usually(Latency::Fixed(1.0));
        let delay = Some(Duration::from_millis(10));
        let conduct = |fault, status| Conduct {
            delay,
            fault,
            status,
            retry_after: None,
            reply: None,
        };
        assert_eq!(ask(&behaviour), conduct(Some(Fault::Drop), None));
        let failed = Some(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(&behaviour), conduct(None, failed));
        behaviour.clear(Some(7));
        assert_eq!(ask(&behaviour), conduct(None, failed));
        behaviour.clear(None);
        let usual = Some(Duration::from_millis(1));
        assert_eq!(ask(&behaviour).delay, usual);
    }

    #[test]
    fn what_the_request_prefers_goes_before_the_rules() {
        let behaviour = of(vec![placed(failing())]);
        let mut conduct = Conduct::preferred(None, Some("drop")).expect("known");
        let asked = Asked {
            api: 0,
            operation: None,
            method: &Method::GET,
            paths: &["/"],
            sandbox: None,
        };
        behaviour.add_to(&mut conduct, asked);
        assert_eq!((conduct.fault, conduct.status), (Some(Fault::Drop), None));
    }
}
