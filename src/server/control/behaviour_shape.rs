//! The behaviour as it travels.

use crate::faults::{Burst, Fault, Latency, Rule, Scope};
use crate::wire::{Method, ProblemError, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// What is done on purpose.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Behaviour)]
pub(super) struct BehaviourShape {
    /// What chance and latencies are drawn from: the same rules draw the same for the same seed.
    /// Without one it is that of `--seed`, else another each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = seed)]
    seed: Option<Value>,
    /// The rules, in the order in which they are looked at.
    #[schema(max_items = 1000)]
    rules: Vec<RuleShape>,
}

/// What to do, in which exchanges: it is for the requests that have all of `api`, `operation`,
/// `method`, `path` and `sandbox`, as far as they are given, and says one of `latency`, `fault`,
/// `status` and `reply` at least.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = Rule)]
struct RuleShape {
    /// The API's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "petstore")]
    api: Option<String>,
    /// The operation, by its `operationId` or as its method and path in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "GET /pets/{id}")]
    operation: Option<String>,
    /// The request's method.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "GET")]
    method: Option<String>,
    /// The request's path, or a template of the contract, with the API's prefix or without; a
    /// segment in braces stands for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^/", example = "/pets/p-1")]
    path: Option<String>,
    /// The sandbox that the request is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Za-z0-9._~-]{1,100}$", example = "suite-1")]
    sandbox: Option<String>,
    /// How late the reply is.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency: Option<LatencyShape>,
    /// How it goes wrong on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultShape>,
    /// The status that it has: as the operation documents it, else with a problem (RFC 9457).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 200, maximum = 599, example = 503)]
    status: Option<u16>,
    /// The whole reply, where a status alone won't do.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<ReplyShape>,
    /// The seconds of a `Retry-After` beside that status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, example = 2)]
    retry_after: Option<u32>,
    /// How likely it acts in a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1, example = 1)]
    probability: Option<f64>,
    /// How often it acts before it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 3)]
    times: Option<u64>,
    /// In which of the requests it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    burst: Option<BurstShape>,
}

/// A reply, as one that is written beside fixtures: judged against the contract, so that it has to
/// be documented. Without `body` and `headers` it is what the contract alone gives.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = RuleReply)]
struct ReplyShape {
    /// The status; that of success without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 200, maximum = 599, example = 404)]
    status: Option<u16>,
    /// Header fields by their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"X-Total": 1}))]
    headers: Option<Map<String, Value>>,
    /// Which of the documented media types the body has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "application/json")]
    media_type: Option<String>,
    /// The body.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(required = false, example = json!({"id": "p-1", "name": "Rex"}))]
    body: Option<Value>,
    /// The name of a documented example, instead of a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "sold")]
    example: Option<String>,
    /// Whether it is sent though the contract doesn't have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    force: Option<bool>,
}

/// A member that may be null is there all the same.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// Milliseconds from 0 to 60000: exactly one of these. What a distribution gives beyond is moved
/// to the nearer end.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Latency)]
struct LatencyShape {
    /// Always the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 60_000, example = 200)]
    fixed: Option<f64>,
    /// Any from the first to the second, each as likely.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 2, max_items = 2)]
    uniform: Option<Vec<Millis>>,
    /// Around a mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    normal: Option<NormalShape>,
    /// With a long tail.
    #[serde(skip_serializing_if = "Option::is_none")]
    lognormal: Option<LogNormalShape>,
}

/// Milliseconds.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(minimum = 0, maximum = 60_000)]
struct Millis(f64);

/// A normal distribution.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Normal)]
struct NormalShape {
    /// The mean, in milliseconds.
    #[schema(minimum = 0, maximum = 60_000, example = 200)]
    mean: f64,
    /// The standard deviation, in milliseconds.
    #[schema(minimum = 0, maximum = 60_000, example = 50)]
    deviation: f64,
}

/// A log-normal distribution: its median, and one of `p99` and `sigma`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LogNormal)]
struct LogNormalShape {
    /// What half of the delays are below, in milliseconds.
    #[schema(minimum = 1, maximum = 60_000, example = 80)]
    median: f64,
    /// What 99 in 100 of the delays are below, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 60_000)]
    p99: Option<f64>,
    /// The standard deviation of the delays' natural logarithms.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10, example = 0.5)]
    sigma: Option<f64>,
}

/// How a reply goes wrong: `drop` closes the connection without a byte, `reset` resets it,
/// `truncate` closes it after the head and half of the body, `stall` sends the head and then
/// nothing for 60 s, `garbage` sends what is no HTTP. A reply that has no body is dropped where it
/// would be truncated, and held back where it would stall.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Fault)]
enum FaultShape {
    Drop,
    Reset,
    Truncate,
    Stall,
    Garbage,
}

/// A rule that acts in so many of its requests, rests in so many, and again from the start.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Burst)]
struct BurstShape {
    /// In how many it acts.
    #[schema(minimum = 1, maximum = 1_000_000, example = 3)]
    on: u32,
    /// In how many it rests.
    #[schema(minimum = 0, maximum = 1_000_000, example = 10)]
    off: u32,
}

fn seed() -> Object {
    let types = SchemaType::from_iter([Type::String, Type::Integer]);
    ObjectBuilder::new()
        .schema_type(types)
        .description(Some("What chance and latencies are drawn from."))
        .build()
}

impl BehaviourShape {
    /// The behaviour of a server, as it travels.
    pub(super) fn of(seed: Option<String>, rules: &[Rule]) -> BehaviourShape {
        BehaviourShape {
            seed: seed.map(Value::String),
            rules: rules.iter().map(RuleShape::of).collect(),
        }
    }

    /// The seed and the rules, or all that the schema can't say and that is wrong with them.
    pub(super) fn read(self) -> Result<(Option<String>, Vec<Rule>), Vec<ProblemError>> {
        let seed = self.seed.map(|seed| match seed {
            Value::String(text) => text,
            other => other.to_string(),
        });
        let mut errors = Vec::new();
        let mut rules = Vec::new();
        for (number, shape) in self.rules.into_iter().enumerate() {
            match shape.read() {
                Ok(rule) => rules.push(rule),
                Err((member, detail)) => errors.push(ProblemError {
                    pointer: Some(format!("/rules/{number}{member}")),
                    detail: detail.to_owned(),
                    rule: "rule".to_owned(),
                    ..ProblemError::default()
                }),
            }
        }
        match errors.is_empty() {
            true => Ok((seed, rules)),
            false => Err(errors),
        }
    }
}

/// The member that is wrong, and why.
type Wrong = (&'static str, &'static str);

impl RuleShape {
    fn read(self) -> Result<Rule, Wrong> {
        let says = self.fault.is_some() || self.status.is_some() || self.reply.is_some();
        if self.latency.is_none() && !says {
            return Err((
                "",
                "says what to do: a latency, a fault, a status or a reply",
            ));
        }
        if self.reply.is_some() && self.status.is_some() {
            return Err(("/status", "is a part of the reply, where there is one"));
        }
        if self.retry_after.is_some() && self.status.is_none() {
            return Err(("/retryAfter", "goes with a status"));
        }
        let method = self.method.map(|name| Method::from_bytes(name.as_bytes()));
        let status = self.status.map(StatusCode::from_u16);
        Ok(Rule {
            scope: Scope {
                api: self.api,
                operation: self.operation,
                method: method
                    .transpose()
                    .map_err(|_| ("/method", "is no method"))?,
                path: self.path,
                sandbox: self.sandbox,
            },
            reply: self.reply.map(ReplyShape::read),
            latency: self.latency.map(LatencyShape::read).transpose()?,
            fault: self.fault.map(FaultShape::read),
            status: status
                .transpose()
                .map_err(|_| ("/status", "is no status"))?,
            retry_after: self.retry_after,
            probability: self.probability,
            times: self.times,
            burst: self.burst.map(|BurstShape { on, off }| Burst { on, off }),
        })
    }

    fn of(rule: &Rule) -> RuleShape {
        RuleShape {
            api: rule.scope.api.clone(),
            operation: rule.scope.operation.clone(),
            method: rule.scope.method.as_ref().map(ToString::to_string),
            path: rule.scope.path.clone(),
            sandbox: rule.scope.sandbox.clone(),
            reply: rule.reply.as_ref().and_then(ReplyShape::of),
            latency: rule.latency.map(LatencyShape::of),
            fault: rule.fault.map(FaultShape::of),
            status: rule.status.map(|status| status.as_u16()),
            retry_after: rule.retry_after,
            probability: rule.probability,
            times: rule.times,
            burst: rule.burst.map(|Burst { on, off }| BurstShape { on, off }),
        }
    }
}

impl ReplyShape {
    fn read(self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }

    fn of(said: &Map<String, Value>) -> Option<ReplyShape> {
        serde_json::from_value(Value::Object(said.clone())).ok()
    }
}

impl LatencyShape {
    fn read(self) -> Result<Latency, Wrong> {
        match (self.fixed, self.uniform, self.normal, self.lognormal) {
            (Some(millis), None, None, None) => Ok(Latency::Fixed(millis)),
            (None, Some(ends), None, None) => match ends.as_slice() {
                [Millis(least), Millis(most)] if least <= most => {
                    Ok(Latency::Uniform(*least, *most))
                }
                _ => Err(("/latency/uniform", "goes from the smaller to the larger")),
            },
            (None, None, Some(NormalShape { mean, deviation }), None) => {
                Ok(Latency::Normal { mean, deviation })
            }
            (None, None, None, Some(shape)) => shape.read(),
            _ => Err(("/latency", "is one of fixed, uniform, normal and lognormal")),
        }
    }

    fn of(latency: Latency) -> LatencyShape {
        let mut shape = LatencyShape::default();
        match latency {
            Latency::Fixed(millis) => shape.fixed = Some(millis),
            Latency::Uniform(least, most) => {
                shape.uniform = Some(vec![Millis(least), Millis(most)]);
            }
            Latency::Normal { mean, deviation } => {
                shape.normal = Some(NormalShape { mean, deviation });
            }
            Latency::LogNormal { median, sigma } => {
                shape.lognormal = Some(LogNormalShape {
                    median,
                    p99: None,
                    sigma: Some(sigma),
                });
            }
        }
        shape
    }
}

impl LogNormalShape {
    fn read(self) -> Result<Latency, Wrong> {
        let median = self.median;
        match (self.p99, self.sigma) {
            (None, Some(sigma)) => Ok(Latency::LogNormal { median, sigma }),
            (Some(p99), None) if p99 >= median => Ok(Latency::with_tail(median, p99)),
            (Some(_), None) => Err(("/latency/lognormal/p99", "is not below the median")),
            _ => Err(("/latency/lognormal", "has one of p99 and sigma")),
        }
    }
}

impl FaultShape {
    fn read(self) -> Fault {
        match self {
            FaultShape::Drop => Fault::Drop,
            FaultShape::Reset => Fault::Reset,
            FaultShape::Truncate => Fault::Truncate,
            FaultShape::Stall => Fault::Stall,
            FaultShape::Garbage => Fault::Garbage,
        }
    }

    fn of(fault: Fault) -> FaultShape {
        match fault {
            Fault::Drop => FaultShape::Drop,
            Fault::Reset => FaultShape::Reset,
            Fault::Truncate => FaultShape::Truncate,
            Fault::Stall => FaultShape::Stall,
            Fault::Garbage => FaultShape::Garbage,
        }
    }
}
