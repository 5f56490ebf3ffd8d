# The command as an image: docker build -t sixfold . && docker run --rm -i sixfold run - < script.js
# Nothing in it but Node's program, what that is linked to, and Sixfold; it runs as nobody and needs no file system that can be written, but for /tmp.
FROM node:26-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node bin/node.js scripts/build.ts \
  && npm pack --ignore-scripts --pack-destination /tmp \
  && mkdir /app \
  && npm install --prefix /app --omit=dev --ignore-scripts --no-audit --no-fund /tmp/sixfold-*.tgz \
  # Node is there already.
  && rm -rf /app/node_modules/node-linux-* /app/node_modules/node-bin-*
# What Node's program is linked to beside the libraries of C and C++.
RUN mkdir -p /libraries && cp -L /usr/lib/*-linux-gnu/libatomic.so.1 /libraries/

FROM gcr.io/distroless/cc-debian12:nonroot
LABEL org.opencontainers.image.title="Sixfold" \
  org.opencontainers.image.description="Load testing that runs k6 scripts unmodified" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /libraries/ /usr/lib/
COPY --from=build /app/node_modules /app/node_modules
ENV SIXFOLD_HISTORY=off NODE_ENV=production
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/node", "/app/node_modules/sixfold/bin/sixfold.js"]
CMD ["--help"]
