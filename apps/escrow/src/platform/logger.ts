import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** JSON lines on stdout; whatever could sign somebody in is never written. */
export function createLogger({ logLevel }: { logLevel: string }): Logger {
  return pino({
    level: logLevel,
    base: { service: 'escrow' },
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers.cookie',
        '*.password',
        '*.refreshToken',
        '*.accessToken',
        '*.initData',
      ],
      censor: '[redacted]',
    },
  })
}

/** For tests: says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' })
