use counterpart::host::Host;
use counterpart::wire::{Method, Request, header};
fn main() {
    let host = match Host::load(&["specs".into()]) {
        Ok(host) => host,
        Err(errors) => { eprintln!("{errors}"); std::process::exit(3) }
    };
    let mut args = std::env::args().skip(1);
    let (method, target) = (args.next().unwrap(), args.next().unwrap());
    let mut request = Request::new(method.parse::<Method>().unwrap(), target).with_header(header::CONTENT_TYPE, "application/json");
    if let Some(body) = args.next() { request = request.with_body(body.into_bytes()); }
    for h in args { let (n, v) = h.split_once(": ").unwrap(); request = request.with_header(n.parse().unwrap(), v); }
    let e = host.answer(request);
    println!("{} {:?}\n{}", e.reply.status, e.reply.headers, String::from_utf8_lossy(&e.reply.body));
    for v in e.violations.iter().chain(&e.reply_violations) { println!("! {} {} [{}] {:?}", v.place, v.detail, v.rule, v.origin.as_ref().map(|o| o.to_string())); }
    println!("{:?} {:?}", e.fault, e.announcements);
}
