import type { Logger } from './logger.ts'

export interface Mail {
  to: string
  template: 'verification-code'
  data: Record<string, string>
}

/** Where mails go. Called after the commit, never inside a transaction (which may run again). */
export interface Mailer {
  send(mail: Mail): Promise<void>
}

export interface InMemoryMailer extends Mailer {
  readonly sent: Mail[]
  /** The latest mail to an address. */
  lastTo(address: string): Mail | undefined
}

/** For development and tests: keeps what would have been sent. */
export function inMemoryMailer(): InMemoryMailer {
  const sent: Mail[] = []
  return {
    sent,
    lastTo: (address) => sent.findLast((mail) => mail.to === address),
    async send(mail) {
      sent.push(mail)
    },
  }
}

/** Says that a mail would go out; shows what is in it only in development. */
export function logMailer(logger: Logger, { showContents }: { showContents: boolean }): Mailer {
  return {
    async send({ to, template, data }) {
      logger.info(showContents ? { to, template, mail: data } : { template }, 'mail')
    },
  }
}
