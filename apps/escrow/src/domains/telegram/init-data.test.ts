import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { after, MINUTE } from '../../platform/clock.ts'
import { signedInitData, signedWidget } from '../../testing/telegram.ts'
import { type LaunchRules, verifyLaunch } from './init-data.ts'

const botToken = '7342037359:AAHI25ES9xCOMPokpYoz-p8XVrZUdygo2J4'
const now = new Date('2026-03-01T10:00:00.000Z')
const rules: LaunchRules = { botToken, now, maxAgeMinutes: 15 }
const user = { id: 7_012_345_678, first_name: 'زهرا', username: 'zahra' }
const signed = (more: Record<string, string> = {}, at = now) => signedInitData(botToken, user, at, more)
const verify = (initData: string, changes: Partial<LaunchRules> = {}) =>
  verifyLaunch({ initData }, { ...rules, ...changes })
const code = (code: string) => expect.objectContaining({ code })

describe('initData of the Mini App', () => {
  test('what Telegram signed is believed', () => {
    expect(verify(signed())).toEqual({
      telegramUserId: '7012345678',
      username: 'zahra',
      firstName: 'زهرا',
      lastName: null,
      source: 'miniapp',
      authDate: now,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('the signature is the one of the documentation: HMAC of the sorted pairs under HMAC("WebAppData", token)', () => {
    const pairs = `auth_date=${now.getTime() / 1000}\nuser={"id":5}`
    const secret = createHmac('sha256', 'WebAppData').update(botToken).digest()
    const hash = createHmac('sha256', secret).update(pairs).digest('hex')
    const initData = `user=${encodeURIComponent('{"id":5}')}&hash=${hash}&auth_date=${now.getTime() / 1000}`
    expect(verify(initData).telegramUserId).toBe('5')
  })

  test('whatever is changed, added or left out is noticed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 400 }), fc.constantFrom('a', '1', '0', 'f'), (place, letter) => {
        const initData = signed({ signature: 'third-party', chat_type: 'private' })
        const at = place % initData.length
        const forged = initData.slice(0, at) + letter + initData.slice(at + 1)
        fc.pre(new URLSearchParams(forged).toString() !== new URLSearchParams(initData).toString())
        expect(() => verify(forged)).toThrow()
      }),
    )
    expect(() => verify(`${signed()}&admin=true`)).toThrow(code('TELEGRAM_DATA_INVALID'))
    expect(() => verify(signed().replace(/query_id=[^&]*&/, ''))).toThrow(code('TELEGRAM_DATA_INVALID'))
  })

  test('a key that is named twice is refused, as is a hash of another length or none', () => {
    expect(() => verify(`${signed()}&user=${encodeURIComponent('{"id":1}')}`)).toThrow(/twice/)
    for (const hash of ['', 'abc', 'g'.repeat(64)]) {
      expect(() => verify(signed().replace(/hash=[0-9a-f]+/, `hash=${hash}`))).toThrow(
        code('TELEGRAM_DATA_INVALID'),
      )
    }
    expect(() => verify('')).toThrow(code('TELEGRAM_DATA_INVALID'))
  })

  test('another bot signed it', () => {
    expect(() => verify(signed(), { botToken: '1:other' })).toThrow(code('TELEGRAM_DATA_INVALID'))
  })

  test('it is accepted for fifteen minutes, and not from the future', () => {
    expect(verify(signed(), { now: after(now, 15 * MINUTE) }).authDate).toEqual(now)
    expect(() => verify(signed(), { now: after(now, 15 * MINUTE + 1) })).toThrow(code('TELEGRAM_DATA_STALE'))
    expect(() => verify(signed({}, after(now, 2 * MINUTE)))).toThrow(code('TELEGRAM_DATA_INVALID'))
    expect(() => verify(signed({ auth_date: 'soon' }))).toThrow(code('TELEGRAM_DATA_INVALID'))
  })

  test('bots and data without a person are refused', () => {
    expect(() => verify(signedInitData(botToken, { ...user, is_bot: true }, now))).toThrow(
      code('TELEGRAM_BOT_REFUSED'),
    )
    for (const nobody of ['', 'null', '{', '{"id":"7"}', '{"id":-7}']) {
      expect(() => verify(signed({ user: nobody }))).toThrow(code('TELEGRAM_DATA_INVALID'))
    }
  })

  test('the fingerprint is that of the data: the order of the pairs does not matter, a launch does', () => {
    const shuffled = signed().split('&').reverse().join('&')
    expect(verify(shuffled).fingerprint).toBe(verify(signed()).fingerprint)
    expect(verify(signed({ query_id: 'other' })).fingerprint).not.toBe(verify(signed()).fingerprint)
  })
})

test('the login widget signs under the hash of the token', () => {
  const loginWidget = signedWidget(botToken, 7_012_345_678, now)
  expect(verifyLaunch({ loginWidget }, rules)).toMatchObject({
    telegramUserId: '7012345678',
    username: 'zahra',
    source: 'widget',
  })
  expect(() => verifyLaunch({ loginWidget: { ...loginWidget, id: 8 } }, rules)).toThrow(
    code('TELEGRAM_DATA_INVALID'),
  )
})
