import { beforeAll, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { parseId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'
import { signedInitData, signedWidget } from '../../testing/telegram.ts'

const { telegramBotToken, telegramWebhookSecret } = readConfig({ NODE_ENV: 'test' })
let account = 7_500_000_000
function nextAccount(): number {
  account += 1
  return account
}

/** What clients of the Telegram API may rely on, whichever store the units are in. */
export function telegramRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  beforeAll(async () => {
    escrow = await freshApp()
  })

  const launchOf = (id: number, more: Record<string, string> = {}) =>
    signedInitData(telegramBotToken, { id, first_name: 'زهرا', username: `u${id}` }, escrow.clock.now(), more)
  const signIn = (initData: string, body: object = {}) =>
    escrow.call('POST', '/api/auth/telegram', { body: { initData, ...body } })
  const send = async (
    method: 'GET' | 'DELETE' | 'POST',
    url: string,
    headers: Record<string, string>,
    payload?: object,
  ) => {
    const response = await escrow.app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: response.statusCode, body: response.json() }
  }
  const sessionOf = (token: string) => send('GET', '/api/telegram/session', { 'x-telegram-session': token })

  describe('sign-in by Telegram', () => {
    test('makes a person without e-mail, with a link and a session', async () => {
      const id = nextAccount()
      const { status, body } = await signIn(launchOf(id), { role: 'seller' })
      expect(status).toBe(201)
      expect(body.data).toMatchObject({
        isNewUser: true,
        user: { email: null, firstName: 'زهرا', role: 'seller', authProvider: 'telegram' },
        telegram: { userId: id, username: `u${id}`, source: 'miniapp' },
      })
      const token = body.data.tokens.accessToken
      const profile = await escrow.call('GET', '/api/user/profile', { token })
      expect(profile.body.data.id).toBe(body.data.user.id)
      const link = await escrow.call('GET', '/api/telegram/link', { token })
      expect(link.body.data).toMatchObject({ telegramUserId: String(id), username: `u${id}` })
      const session = await sessionOf(body.data.telegram.session.token)
      expect(session.body.data).toMatchObject({ telegramUserId: String(id), userId: body.data.user.id })
      const open = await escrow.call('GET', '/api/telegram/sessions', { token })
      expect(open.body.data).toEqual([session.body.data])
    })

    test('the same launch gets the same session for fifteen minutes, then none', async () => {
      const launch = launchOf(nextAccount())
      const first = (await signIn(launch)).body.data
      escrow.clock.advance(14 * MINUTE)
      const again = await signIn(launch)
      expect(again.status).toBe(200)
      expect(again.body.data).toMatchObject({
        isNewUser: false,
        user: { id: first.user.id },
        telegram: { session: first.telegram.session },
        tokens: { refreshToken: first.tokens.refreshToken },
      })
      escrow.clock.advance(MINUTE + 1000)
      const late = await signIn(launch)
      expect([late.status, late.body.code]).toEqual([401, 'TELEGRAM_DATA_STALE'])
    })

    test('who exchanged the refresh token meanwhile gets another one of the same family', async () => {
      const launch = launchOf(nextAccount())
      const refresh = (refreshToken: string) =>
        escrow.call('POST', '/api/auth/refresh-token', { body: { refreshToken } })
      const first = (await signIn(launch)).body.data.tokens.refreshToken
      expect((await refresh(first)).status).toBe(200)
      const second = (await signIn(launch)).body.data.tokens.refreshToken
      expect(second).not.toBe(first)
      expect((await refresh(first)).status).toBe(401)
      expect((await refresh(second)).status).toBe(401)
    })

    test('two first launches at once make one person', async () => {
      const id = nextAccount()
      const launch = launchOf(id)
      const other = launchOf(id, { query_id: 'other' })
      const answers = await Promise.all([signIn(launch), signIn(launch), signIn(other)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
      expect(new Set(answers.map(({ body }) => body.data.user.id)).size).toBe(1)
    })

    test('a known person comes back as themselves, by the widget too', async () => {
      const id = nextAccount()
      const first = (await signIn(launchOf(id))).body.data
      escrow.clock.advance(HOUR)
      const loginWidget = signedWidget(telegramBotToken, id, escrow.clock.now())
      const { status, body } = await escrow.call('POST', '/api/auth/telegram', { body: { loginWidget } })
      expect(status).toBe(200)
      expect(body.data).toMatchObject({ user: { id: first.user.id }, telegram: { source: 'widget' } })
    })

    test('what is forged, missing, of a bot or of somebody suspended is refused', async () => {
      const id = nextAccount()
      const launch = launchOf(id)
      const forged = await signIn(launch.replace(`${id}`, `${id - 1}`))
      expect([forged.status, forged.body.code]).toEqual([401, 'TELEGRAM_DATA_INVALID'])
      const missing = await escrow.call('POST', '/api/auth/telegram', { body: { role: 'buyer' } })
      expect([missing.status, missing.body.code]).toEqual([400, 'VALIDATION_FAILED'])
      const bot = signedInitData(telegramBotToken, { id, is_bot: true }, escrow.clock.now())
      expect((await signIn(bot)).body.code).toBe('TELEGRAM_BOT_REFUSED')

      const { user } = (await signIn(launch)).body.data
      await escrow.units.user.transaction(({ users }) =>
        users.update(parseId(user.id), { status: 'suspended' }, escrow.clock.now()),
      )
      const suspended = await signIn(launch)
      expect([suspended.status, suspended.body.code]).toEqual([403, 'ACCOUNT_NOT_ACTIVE'])
    })
  })

  describe('sessions of the Mini App', () => {
    test('one may be opened before signing in, and is theirs afterwards', async () => {
      const launch = launchOf(nextAccount())
      const opened = await escrow.call('POST', '/api/telegram/session', { body: { initData: launch } })
      expect(opened.body.data).toMatchObject({ userId: null, token: expect.any(String) })
      const { user, telegram } = (await signIn(launch)).body.data
      expect(telegram.session.token).toBe(opened.body.data.token)
      expect((await sessionOf(opened.body.data.token)).body.data.userId).toBe(user.id)
    })

    test('it ends when it is ended or past its time; nobody guesses one', async () => {
      const { token } = (await signIn(launchOf(nextAccount()))).body.data.telegram.session
      expect((await send('DELETE', '/api/telegram/session', { 'x-telegram-session': token })).status).toBe(
        200,
      )
      expect((await sessionOf(token)).body.code).toBe('TELEGRAM_SESSION_INVALID')
      const late = (await signIn(launchOf(nextAccount()))).body.data.telegram.session.token
      escrow.clock.advance(24 * HOUR)
      expect((await sessionOf(late)).status).toBe(401)
      expect((await sessionOf('guess')).status).toBe(401)
      expect((await send('GET', '/api/telegram/session', {})).status).toBe(401)
    })
  })

  describe('linking', () => {
    test('a person with a password links an account, signs in by it, and unlinks it', async () => {
      const person = await signUp(escrow)
      const token = person.accessToken
      const id = nextAccount()
      const link = (who: string, initData: string) =>
        escrow.call('POST', '/api/telegram/link', { token: who, body: { initData } })
      expect((await link(token, launchOf(id))).body.data).toMatchObject({ telegramUserId: String(id) })
      expect((await link(token, launchOf(id))).status).toBe(200)
      expect((await link(token, launchOf(nextAccount()))).body.code).toBe('TELEGRAM_OTHER_LINKED')
      const other = await signUp(escrow)
      expect((await link(other.accessToken, launchOf(id))).body.code).toBe('TELEGRAM_LINK_TAKEN')

      const signedIn = (await signIn(launchOf(id))).body.data
      expect(signedIn).toMatchObject({ isNewUser: false, user: { id: person.id } })
      expect((await escrow.call('DELETE', '/api/telegram/link', { token })).status).toBe(200)
      expect((await sessionOf(signedIn.telegram.session.token)).status).toBe(401)
      expect((await escrow.call('GET', '/api/telegram/link', { token })).body.data).toBeNull()
      expect((await escrow.call('DELETE', '/api/telegram/link', { token })).status).toBe(404)
    })

    test('who came by Telegram alone does not lock themselves out', async () => {
      const { tokens } = (await signIn(launchOf(nextAccount()))).body.data
      const answer = await escrow.call('DELETE', '/api/telegram/link', { token: tokens.accessToken })
      expect([answer.status, answer.body.code]).toEqual([409, 'TELEGRAM_ONLY_SIGN_IN'])
    })
  })

  test('the bot takes an update once, and only from Telegram', async () => {
    const update = (update_id: number, secret: string) =>
      send(
        'POST',
        '/api/telegram/webhook',
        { 'x-telegram-bot-api-secret-token': secret },
        { update_id, message: { text: '/start' } },
      )
    expect((await update(5_000_000_001, telegramWebhookSecret)).status).toBe(200)
    const again = await update(5_000_000_001, telegramWebhookSecret)
    expect([again.status, again.body.code]).toEqual([409, 'TELEGRAM_REPLAY'])
    expect((await update(5_000_000_002, 'guess')).status).toBe(401)
    expect((await update(5_000_000_002, telegramWebhookSecret)).status).toBe(200)
  })
}
