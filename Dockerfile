# A static binary in an image of nothing else:
#   docker build -t counterpart . && docker run -p 4010:4010 -v "$PWD:/api:ro" counterpart specs
FROM rust:1-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM scratch
COPY --from=build /src/target/release/counterpart /counterpart
# Whom servers at https:// are believed by.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
# Nobody's: no right to anything but what is mounted for all to read.
USER 65532:65532
WORKDIR /api
ENV COUNTERPART_HOST=0.0.0.0
EXPOSE 4010
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s \
    CMD ["/counterpart", "wait", "--timeout", "2"]
ENTRYPOINT ["/counterpart"]
