use super::node::{Node, Standing};
use crate::contract::Contract;
use crate::mock::{Prepared, PreparedContent};
use crate::spec::{At, Location};
use crate::validate::View;

/// How many points of one operation are told apart.
const MOST: usize = 2_000;

/// What kind of thing is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An operation that is asked for.
    Operation,
    /// A documented status that is answered with.
    Status,
    /// A media type of a request's body.
    RequestMediaType,
    /// A media type of a reply's body.
    ReplyMediaType,
    /// A parameter that is sent, or left out where it may be.
    Parameter,
    /// A property of a request's body: with a value, null, or left out.
    RequestProperty,
    /// The same of a reply's.
    ReplyProperty,
    /// A value of an `enum`.
    Value,
    /// An alternative of `oneOf` or `anyOf`.
    Branch,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 9] = [
        Kind::Operation,
        Kind::Status,
        Kind::RequestMediaType,
        Kind::ReplyMediaType,
        Kind::Parameter,
        Kind::RequestProperty,
        Kind::ReplyProperty,
        Kind::Value,
        Kind::Branch,
    ];
}

/// The number of a point in its operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct PointId(pub(super) usize);

/// Something that is counted.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) kind: Kind,
    /// What it is, in words.
    pub(super) what: Box<str>,
    /// Where it is declared.
    pub(super) at: At,
}

/// All that is counted of one operation.
#[derive(Debug, Default)]
pub(super) struct Points {
    pub(super) points: Vec<Point>,
    /// How often each was there.
    pub(super) seen: Vec<u64>,
    /// How often the operation was asked for.
    pub(super) asked: u64,
    /// Whether there are more points than are told apart.
    pub(super) is_cut: bool,
    pub(super) parameters: Vec<ParameterPoints>,
    pub(super) bodies: Vec<ContentPoints>,
    pub(super) responses: Vec<ResponsePoints>,
}

#[derive(Debug)]
pub(super) struct ParameterPoints {
    pub(super) sent: Option<PointId>,
    pub(super) absent: Option<PointId>,
    pub(super) node: Node,
}

#[derive(Debug)]
pub(super) struct ContentPoints {
    pub(super) point: Option<PointId>,
    pub(super) node: Node,
}

#[derive(Debug)]
pub(super) struct ResponsePoints {
    pub(super) point: Option<PointId>,
    pub(super) contents: Vec<ContentPoints>,
}

impl Points {
    /// What there is to count in an operation.
    pub(super) fn of(contract: &Contract, operation: &Prepared) -> Points {
        let mut points = Points::default();
        let declared = &operation.declared;
        for reader in &operation.parameters {
            let parameter = &reader.parameter;
            let place = match parameter.location {
                Location::Path => "path",
                Location::Query | Location::Querystring => "query",
                Location::Header => "header",
                Location::Cookie => "cookie",
            };
            let what = format!("{place} {}", parameter.name);
            let sent = points.add(Kind::Parameter, what.clone(), parameter.at);
            let absent = (!parameter.required)
                .then(|| points.add(Kind::Parameter, format!("{what} absent"), parameter.at))
                .flatten();
            let standing = Standing {
                contract,
                view: View::Request,
                of: &what,
            };
            let node = reader
                .shape
                .map(|shape| Node::of(&standing, &mut points, shape, "", &mut Vec::new()));
            points.parameters.push(ParameterPoints {
                sent,
                absent,
                node: node.unwrap_or_default(),
            });
        }
        for content in &operation.bodies {
            let body = points.content(contract, View::Request, "", content);
            points.bodies.push(body);
        }
        for (response, declared) in operation.responses.iter().zip(&declared.responses) {
            let status = response.status.to_string();
            let point = points.add(Kind::Status, status.clone(), declared.at);
            let contents = response.contents.iter();
            let contents = contents
                .map(|content| points.content(contract, View::Reply, &status, content))
                .collect();
            points.responses.push(ResponsePoints { point, contents });
        }
        points
    }

    fn content(
        &mut self,
        contract: &Contract,
        view: View,
        status: &str,
        content: &PreparedContent,
    ) -> ContentPoints {
        let kind = match view {
            View::Request => Kind::RequestMediaType,
            View::Reply => Kind::ReplyMediaType,
        };
        let of = format!("{status} {}", content.name);
        let of = of.trim_start();
        let point = self.add(kind, of.to_owned(), content.declared.at);
        let of = format!("{of} ");
        let standing = Standing {
            contract,
            view,
            of: &of,
        };
        let shape = content.shape.or(content.item_shape);
        let node = shape.map(|shape| Node::of(&standing, self, shape, "", &mut Vec::new()));
        ContentPoints {
            point,
            node: node.unwrap_or_default(),
        }
    }

    /// Another point; nothing where there are as many as are told apart.
    pub(super) fn add(&mut self, kind: Kind, what: String, at: At) -> Option<PointId> {
        if self.points.len() >= MOST {
            self.is_cut = true;
            return None;
        }
        self.points.push(Point {
            kind,
            what: what.into(),
            at,
        });
        self.seen.push(0);
        Some(PointId(self.points.len() - 1))
    }
}
