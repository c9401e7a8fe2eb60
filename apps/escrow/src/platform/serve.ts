import type { Config } from './config.ts'
import type { HttpApp } from './http.ts'
import type { Logger } from './logger.ts'
import { ProgramError } from './run-program.ts'

export interface ServeOptions {
  app: HttpApp
  config: Pick<Config, 'host' | 'port'>
  logger: Logger
  /** Lets go of what the application stands on, once it has stopped answering. */
  close: () => Promise<void>
}

/** Listens until SIGTERM or SIGINT, then finishes what runs and closes. */
export async function serve({ app, config, logger, close }: ServeOptions): Promise<void> {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    try {
      await app.close()
      await close()
    } catch (error) {
      logger.error({ err: error }, 'did not stop cleanly')
      process.exitCode = 1
    }
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal))
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    await close()
    throw isPortInUse(error) ? new PortInUse(config, error) : error
  }
}

/** Something else listens where this program should. */
export class PortInUse extends ProgramError {
  constructor({ host, port }: { host: string; port: number }, cause: unknown) {
    super(
      'PORT_IN_USE',
      `port ${port} of ${host} is in use: stop what listens there, or set PORT to another one`,
      { cause },
    )
    this.name = 'PortInUse'
  }
}

function isPortInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
