/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // `npm run check` checks them, in the tests too; a start need not wait for that.
  typescript: { ignoreBuildErrors: true },
  // A folder above may hold another lock file; the project is this folder.
  turbopack: { root: import.meta.dirname },
  // The vault's frame is shown on this host name in development too, and HMR asks for leave.
  allowedDevOrigins: ['127.0.0.1'],
  // Loaded by Node itself: native code, workers, or state that must exist once in a process.
  serverExternalPackages: [
    '@node-rs/argon2',
    '@opentelemetry/api',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/sdk-trace-node',
    'pino',
    'postgres',
    'prom-client',
    'undici',
  ],
  // Every process answers these three at its root.
  rewrites: async () =>
    ['health', 'ready', 'metrics'].map((name) => ({ source: `/${name}`, destination: `/api/${name}` })),
};
