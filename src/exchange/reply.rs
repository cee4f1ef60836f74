//! Steps 8 to 12: which reply. What it shows is for `show`, what it changes for `change` to say.

use super::purpose::tell;
use super::wishes::{Answered, Wishes};
use super::{Call, Checked, Done, Judged};
use crate::contract::Contract;
use crate::decode::Payload;
use crate::mock::{
    Asking, Canned, Drawing, Echo, Occasion, Prepared, PreparedContent, Rejection, Wanted, canned,
    measures, sayable_query, with_defaults,
};
use crate::wire::{
    Bytes, Chosen, EntityTag, MediaType, Method, Preconditions, Reply, Request, StatusCode, accept,
    header,
};
use serde_json::Value;
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

impl Contract {
    /// Step 8: what of the response can be sent, and suits the client.
    pub(super) fn negotiate<'o>(
        &self,
        operation: &'o Prepared,
        request: &Request,
        code: u16,
    ) -> Result<Option<Negotiated<'o>>, Rejection> {
        let Some(response) = operation.response(code) else {
            return Ok(None);
        };
        response.can_be_dressed(self.contents())?;
        if response.contents.is_empty() {
            return Ok(None);
        }
        let accept = accept(&request.headers);
        let Chosen { offer, named } = response.choose(accept.as_deref(), None)?;
        let is_json = |content: &PreparedContent| match content.media_type.is_range() {
            true => content.media_type.concrete().is_json(),
            false => content.media_type.is_json(),
        };
        let first = response.contents.iter().position(is_json);
        let content = response.contents.get(offer);
        Ok(content.map(|content| {
            let is_usual = |named: &MediaType| *named == content.media_type.concrete();
            Negotiated {
                is_first: first == Some(offer) && named.as_ref().is_none_or(is_usual),
                content,
                named,
                generation: self.generation,
            }
        }))
    }

    /// A reply out of the contract alone: the one that is preferred, else that of success.
    /// Nothing is changed for it.
    pub(super) fn canned(
        &self,
        operation: &Prepared,
        occasion: Occasion<'_>,
        checked: &Checked,
        wishes: &Wishes,
    ) -> Result<Done, Rejection> {
        let request = occasion.request;
        let usual = operation.declared.success();
        let answered = match wishes.code {
            Some(code) => Answered {
                code,
                applied: None,
            },
            None if request.method.is_safe() => Answered {
                code: usual,
                applied: None,
            },
            None => wishes.answered(operation, usual),
        };
        let status = status(answered.code);
        let accept = accept(&request.headers);
        let seed = match (&wishes.seed, wishes.is_dynamic) {
            (Some(seed), _) => Some(seed.clone()),
            (None, true) => Some(self.fresh_seed(request)),
            (None, false) => None,
        };
        let is_success = status.is_success();
        // What a client leaves out of what is made or replaced is what it is by default.
        let is_whole = [Method::POST, Method::PUT].contains(&request.method);
        let echo = operation.echo(self.contents(), &checked.parameters);
        // What asks for one thing says in the query what it asks of it.
        let is_safe = request.method.is_safe() && is_success;
        let is_question = is_safe && echo.rows.is_none();
        let is_map = match &checked.payload {
            Payload::Value(number, _) if is_success => {
                let shape = operation.body_shape(*number);
                shape.is_some_and(|shape| self.shapes.is_map(shape))
            }
            _ => false,
        };
        let said = match &checked.payload {
            Payload::Value(number, body) if is_success && is_whole => {
                with_defaults(&self.shapes, operation.body_shape(*number), body)
            }
            Payload::Absent if is_question => {
                let query = &checked.parameters.query;
                Cow::Owned(sayable_query(&self.shapes, operation, query))
            }
            // What stands beside a list says when and for how many it was asked.
            Payload::Absent if is_safe => {
                let query = &checked.parameters.query;
                let said = sayable_query(&self.shapes, operation, query);
                Cow::Owned(measures(said))
            }
            _ => Cow::Borrowed(checked.body()),
        };
        // An error is sent in a form it is documented in, whatever the client accepts.
        let offers = |status: StatusCode, accept: &str| {
            let response = operation.response(status.as_u16());
            response.is_some_and(|response| response.choose(Some(accept), None).is_ok())
        };
        let wanted = Wanted {
            status,
            accept: accept
                .as_deref()
                .filter(|accept| is_success || offers(status, accept)),
            example: wishes.example.as_deref(),
            drawing: seed.as_deref().map(|seed| Drawing {
                seed,
                is_dynamic: wishes.is_dynamic,
            }),
            echo: Echo {
                body: Some(&said),
                is_of_error: !is_success,
                is_of_query: is_safe,
                is_map,
                ..echo
            },
            asking: is_success.then_some(Asking {
                request,
                query: &checked.parameters.query,
                lead: occasion.lead,
            }),
            occasion: (!is_success).then_some(occasion),
            now: (is_success && request.method == Method::POST).then(|| (occasion.clock)()),
        };
        let mut canned = canned(self.contents(), operation, &wanted)?;
        let of_list = canned.of_list.take();
        let mut done = done(canned, wishes);
        if let Some(of_list) = of_list {
            self.tell_of_list(operation, of_list, &mut done);
        }
        if let Some(applied) = answered.applied {
            tell(&mut done.reply, applied);
        }
        Ok(done)
    }

    /// The same with a tag of its body, where the operation documents one.
    pub(super) fn tagged(&self, operation: &Prepared, request: &Request, mut done: Done) -> Done {
        let status = done.reply.status;
        let response = operation.response(status.as_u16());
        let response = response.filter(|_| request.method.is_safe() && status.is_success());
        let tag = response.and_then(|response| response.tag(&done.reply));
        let is_free = !done.reply.headers.contains_key(header::ETAG);
        let Some(tag) = tag.filter(|_| is_free) else {
            return done;
        };
        validators(&mut done.reply, Some(&tag), None);
        done
    }

    /// The reply that someone wrote for this request, where there is one.
    pub(super) fn written(
        &self,
        operation: &Prepared,
        occasion: Occasion<'_>,
        checked: &Checked,
        wishes: &Wishes,
    ) -> Option<Result<Done, Rejection>> {
        let accept = accept(&occasion.request.headers);
        let said = (&checked.parameters, &checked.payload);
        let contents = self.contents();
        let asked = (accept.as_deref(), occasion);
        let found = self.written.reply(contents, operation, said, asked)?;
        Some(found.map(|canned| done(canned, wishes)))
    }

    /// What a drawn body is drawn from where the client doesn't say: the same for the same
    /// request where a seed was set, else another every time.
    fn fresh_seed(&self, request: &Request) -> String {
        match self.sampling.seed.as_str() {
            "" => format!("{:x}", RandomState::new().hash_one(&request.target)),
            seed => format!("{seed} {} {}", request.method, request.target),
        }
    }

    /// What a request for items came to.
    pub(super) fn done(&self, call: &Call<'_>, reply: Reply) -> Done {
        Done {
            reply,
            source: Some(call.binding.told(&call.checked.parameters).into()),
            announcements: Vec::new(),
            judged: Judged::Valid,
            lacks: Vec::new(),
        }
    }

    pub(super) fn reply(
        &self,
        code: u16,
        content: Option<&Negotiated<'_>>,
        body: &Value,
    ) -> Result<Reply, Rejection> {
        let mut reply = Reply::new(status(code));
        // Neither has a body, whatever is documented (RFC 9110 §15.3.5, §15.3.6).
        let content = content.filter(|_| ![204, 205].contains(&code));
        if let Some(Negotiated { content, named, .. }) = content {
            let encoded = content.encode(self.contents(), body, true, named.as_ref())?;
            reply.set(header::CONTENT_TYPE, &encoded.content_type);
            reply.body = encoded.body;
        }
        Ok(reply)
    }
}

/// A reply out of the contract or of fixtures, as what the request came to.
pub(super) fn done(canned: Canned, wishes: &Wishes) -> Done {
    let mut reply = canned.reply;
    if let Some(applied) = wishes.applied() {
        tell(&mut reply, &applied);
    }
    Done {
        reply,
        source: Some(canned.source),
        announcements: Vec::new(),
        judged: canned.is_judged.into(),
        lacks: Vec::new(),
    }
}

/// The body that suits the client.
pub(super) struct Negotiated<'o> {
    pub(super) content: &'o PreparedContent,
    /// The type that it names, where a range is offered.
    pub(super) named: Option<MediaType>,
    /// Whether it is the first that is JSON, which is known by the tag of the state itself.
    is_first: bool,
    /// How many contracts that say otherwise showed the same state before.
    generation: u32,
}

/// The tag of a state as it is shown: another contract may show another representation of it, and
/// so does another seed of what is made up.
pub(super) fn represented<'t>(
    tag: &'t EntityTag,
    shown: Option<&Negotiated<'_>>,
    seed: Option<&str>,
) -> Cow<'t, EntityTag> {
    let other = shown.filter(|shown| !shown.is_first || shown.generation > 0);
    if other.is_none() && seed.is_none() {
        return Cow::Borrowed(tag);
    }
    let named = shown.and_then(|shown| shown.named.as_ref());
    let mut name = match (named, shown) {
        (Some(named), _) => named.to_string(),
        (None, Some(shown)) => shown.content.name.clone(),
        (None, None) => String::new(),
    };
    if let Some(shown) = shown.filter(|shown| shown.generation > 0) {
        name.push_str(&format!(" {}", shown.generation));
    }
    if let Some(seed) = seed {
        name.push_str(&format!("; seed={seed}"));
    }
    Cow::Owned(tag.represented(&name))
}

pub(super) fn offered_content<'o>(
    offered: &Result<Option<Negotiated<'o>>, Rejection>,
) -> Option<&'o PreparedContent> {
    let offered = offered.as_ref().ok().and_then(Option::as_ref);
    offered.map(|negotiated| negotiated.content)
}

/// Sends nothing to a client that has it already, by the tag or the date of what would be sent (RFC
/// 9110 §13.1.2, §13.1.3).
pub(super) fn spare(request: &Request, reply: &mut Reply) {
    if !request.method.is_safe() || reply.status != StatusCode::OK {
        return;
    }
    let asked = [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE];
    if !asked.iter().any(|name| request.headers.contains_key(name)) {
        return;
    }
    let tag = reply.header(&header::ETAG).and_then(EntityTag::parse);
    let modified = reply.header(&header::LAST_MODIFIED);
    let modified = modified.and_then(|date| httpdate::parse_http_date(date).ok());
    if Preconditions::read(&request.headers).is_known(tag.as_ref(), modified) {
        reply.status = StatusCode::NOT_MODIFIED;
        reply.body = Bytes::new();
        reply.headers.remove(header::CONTENT_TYPE);
    }
}

pub(super) fn validators(reply: &mut Reply, tag: Option<&EntityTag>, modified: Option<SystemTime>) {
    if let Some(tag) = tag {
        reply.set(header::ETAG, &tag.to_string());
    }
    if let Some(modified) = modified {
        reply.set(header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    }
}

pub(super) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}
