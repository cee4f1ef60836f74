use super::cors::Grant;
use crate::wire::{Bytes, HeaderName, HeaderValue, Reply, header};
use http::Response;
use http_body_util::{Either, Full};

/// A contract's reply is whole; the control plane's may be a stream.
pub(super) type ReplyBody = Either<Full<Bytes>, axum::body::Body>;

/// A body that is whole.
pub(super) fn whole(body: Bytes) -> ReplyBody {
    Either::Left(Full::new(body))
}

/// The reply as it travels: framing is hyper's alone, and some fields are everyone's.
/// `grant` says which pages may read it.
pub(super) fn dress(reply: Reply, grant: &Grant) -> Response<Bytes> {
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    *headers = reply.headers;
    for framing in &FRAMING {
        headers.remove(framing);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    grant.sign(headers);
    response
}

/// Fields that say how a message is framed; one from a contract would break it.
const FRAMING: [HeaderName; 4] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::StatusCode;

    #[test]
    fn a_contract_has_no_say_in_the_framing() {
        let mut reply = Reply::new(StatusCode::OK);
        for field in FRAMING {
            reply.set(field, "7");
        }
        let response = dress(reply, &Grant::Silent);
        assert_eq!(response.headers().len(), 1, "{:?}", response.headers());
    }
}
