import { beforeAll, describe, expect, test } from 'vitest'
import { newId, parseId, publicId } from '../../platform/ids.ts'
import { exampleUser } from '../../testing/example-user.ts'
import type { Marketplace, Person } from '../../testing/marketplace.ts'
import { newOffer, newRequest } from '../../testing/marketplace.ts'

/** What clients of the chat API may rely on, whichever store the units are in. */
export function chatRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  let eve: Person
  beforeAll(async () => {
    market = await freshMarket()
    const user = exampleUser({ role: 'seller', firstName: 'Eve' })
    await market.units.user.transaction(({ users }) => users.insert(user))
    eve = { id: publicId(user.id), token: await market.escrow.tokenFor('seller', user.id) }
  })

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, who: Person, body?: object) =>
    market.escrow.call(method, `/api/chat${path}`, { token: who.token, ...(body && { body }) })
  const openDirect = async (who: Person, other: Person) =>
    (await call('POST', '', who, { participantIds: [other.id] })).body.data.id as string
  const openGroup = async (...others: Person[]) => {
    const body = { participantIds: others.map(({ id }) => id), type: 'group', title: 'a group' }
    return (await call('POST', '', market.buyer, body)).body.data.id as string
  }
  const say = async (who: Person, chatId: string, content: string) => {
    market.escrow.clock.advance(1000)
    return (await call('POST', `/${chatId}/messages`, who, { content })).body.data
  }
  const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code]

  describe('chats', () => {
    test('a direct chat of two is made once', async () => {
      const { buyer, seller } = market
      const made = await call('POST', '', buyer, { participantIds: [seller.id], title: 'hello' })
      expect(made.status).toBe(201)
      expect(made.body.data).toMatchObject({
        type: 'direct',
        name: 'hello',
        relatedTo: null,
        isArchived: false,
        participants: [{ userId: buyer.id }, { userId: seller.id, isActive: true, role: 'member' }],
      })
      expect(await openDirect(seller, buyer)).toBe(made.body.data.id)
      const both = await Promise.all([openDirect(eve, buyer), openDirect(buyer, eve)])
      expect(new Set(both).size).toBe(1)
    })

    test('a chat needs two people who exist', async () => {
      const { buyer, seller } = market
      const alone = await call('POST', '', buyer, { participantIds: [buyer.id] })
      expect(codeOf(alone)).toEqual([400, 'CHAT_TOO_FEW_PARTICIPANTS'])
      const nobody = await call('POST', '', buyer, { participantIds: [publicId(newId())] })
      expect(codeOf(nobody)).toEqual([404, 'NOT_FOUND'])
      const three = { participantIds: [seller.id, eve.id], type: 'direct' }
      expect(codeOf(await call('POST', '', buyer, three))).toEqual([400, 'VALIDATION_FAILED'])
      expect((await market.escrow.call('GET', '/api/chat')).status).toBe(401)
    })

    test('a chat about a request is one for buyer and seller; its first message begins the negotiation', async () => {
      const { buyer, seller, escrow, units } = market
      const purchaseRequestId = await newRequest(market)
      const body = { purchaseRequestId, sellerId: seller.id }
      const made = await call('POST', '/purchase-request', buyer, body)
      expect(made.status).toBe(201)
      expect(made.body.data).toMatchObject({
        type: 'direct',
        name: 'a phone',
        relatedTo: { type: 'PurchaseRequest', id: purchaseRequestId },
      })
      const again = await call('POST', '/purchase-request', seller, body)
      expect([again.status, again.body.data.id]).toEqual([200, made.body.data.id])
      expect(await openDirect(buyer, seller)).not.toBe(made.body.data.id)
      expect((await call('POST', '/purchase-request', eve, body)).status).toBe(404)
      const unknown = { ...body, purchaseRequestId: publicId(newId()) }
      expect((await call('POST', '/purchase-request', buyer, unknown)).status).toBe(404)

      const statusOf = async () =>
        (await units.request.read.requests.find(parseId(purchaseRequestId)))?.status
      await say(buyer, made.body.data.id, 'is there an offer?')
      await escrow.effects.deliverDue()
      expect(await statusOf()).toBe('pending')
      await newOffer(market, purchaseRequestId)
      await say(seller, made.body.data.id, 'there it is')
      await say(buyer, made.body.data.id, 'cheaper?')
      await escrow.effects.deliverDue()
      expect(await statusOf()).toBe('in_negotiation')
    })

    test('support answers where its account exists', async () => {
      const before = await call('POST', '/support', market.buyer)
      expect(codeOf(before)).toEqual([503, 'CHAT_SUPPORT_UNAVAILABLE'])
      const support = exampleUser({ email: 'support@amn.gg', role: 'admin' })
      await market.units.user.transaction(({ users }) => users.insert(support))
      const made = await call('POST', '/support', market.buyer)
      expect([made.status, made.body.data.type]).toEqual([201, 'support'])
      const again = await call('POST', '/support', market.buyer)
      expect([again.status, again.body.data.id]).toEqual([200, made.body.data.id])
    })

    test('messages come in pages; what is unread counts until it is read', async () => {
      const { buyer, seller } = market
      const chatId = await openGroup(seller)
      const ids: string[] = []
      for (const content of ['one', 'two', 'سه 👋']) ids.push((await say(seller, chatId, content)).id)
      const page = await call('GET', `/${chatId}/messages?limit=2`, buyer)
      expect(page.body.data).toMatchObject({
        messages: [{ content: 'two' }, { content: 'سه 👋', senderId: seller.id, sender: {} }],
        hasMore: true,
      })
      const older = await call('GET', `/${chatId}/messages?limit=2&before=${ids[1]}`, buyer)
      expect(older.body.data).toMatchObject({ messages: [{ id: ids[0] }], hasMore: false })
      const newer = await call('GET', `/${chatId}/messages?after=${ids[0]}`, buyer)
      expect(newer.body.data.messages).toHaveLength(2)

      const list = await call('GET', '?type=group', buyer)
      expect(list.body.data.items[0]).toMatchObject({
        id: chatId,
        unreadCount: 3,
        lastMessage: { content: 'سه 👋', senderId: seller.id },
      })
      const unread = async () =>
        (await call('GET', '/unread', buyer)).body.data.chats.find(
          (one: { chatId: string }) => one.chatId === chatId,
        )?.unread
      expect(await unread()).toBe(3)
      await call('PATCH', `/${chatId}/messages/read`, buyer, { upTo: ids[1] })
      expect(await unread()).toBe(1)
      expect((await call('PATCH', `/${chatId}/messages/read`, buyer)).status).toBe(200)
      expect(await unread()).toBeUndefined()
      const read = await call('GET', `/${chatId}/messages`, seller)
      expect(read.body.data.messages[2].readBy).toMatchObject([{ userId: buyer.id }])
      const unknown = await call('PATCH', `/${chatId}/messages/read`, buyer, { upTo: publicId(newId()) })
      expect(unknown.status).toBe(404)
    })

    test('only senders edit and delete; staff still sees what was said', async () => {
      const { buyer, seller, admin } = market
      const chatId = await openGroup(seller)
      const { id } = await say(seller, chatId, 'first')
      const path = `/${chatId}/messages/${id}`
      expect(codeOf(await call('PATCH', path, buyer, { content: 'mine' }))).toEqual([
        403,
        'CHAT_NOT_THE_SENDER',
      ])
      const edited = await call('PATCH', path, seller, { content: 'second' })
      expect(edited.body.data).toMatchObject({ content: 'second', isEdited: true, editHistory: [] })
      expect(codeOf(await call('DELETE', path, buyer))).toEqual([403, 'CHAT_NOT_THE_SENDER'])
      expect((await call('DELETE', path, seller)).status).toBe(200)
      expect((await call('DELETE', path, seller)).status).toBe(200)
      expect(codeOf(await call('PATCH', path, seller, { content: 'third' }))).toEqual([
        409,
        'CHAT_MESSAGE_FINAL',
      ])
      const seen = async (who: Person) =>
        (await call('GET', `/${chatId}/messages`, who)).body.data.messages[0]
      expect(await seen(buyer)).toMatchObject({ isDeleted: true, content: null, editHistory: [] })
      expect(await seen(admin)).toMatchObject({
        isDeleted: true,
        content: 'second',
        editHistory: [{ content: 'first' }],
      })
      expect(
        (await call('PATCH', `/${chatId}/messages/${publicId(newId())}`, seller, { content: 'x' })).status,
      ).toBe(404)
    })

    test('reactions come and go; replies name a message of the chat', async () => {
      const { buyer, seller } = market
      const chatId = await openGroup(seller)
      const { id } = await say(seller, chatId, 'hello')
      const path = `/${chatId}/messages/${id}/reactions`
      const reacted = await call('POST', path, buyer, { emoji: '👍' })
      expect(reacted.body.data.reactions).toEqual([{ emoji: '👍', users: [buyer.id] }])
      const gone = await call('DELETE', `${path}?emoji=${encodeURIComponent('👍')}`, buyer)
      expect(gone.body.data.reactions).toEqual([])
      const reply = await call('POST', `/${chatId}/messages`, buyer, { content: 'hi', replyTo: id })
      expect(reply.body.data.replyTo).toBe(id)
      const nothing = { content: 'hi', replyTo: publicId(newId()) }
      expect((await call('POST', `/${chatId}/messages`, buyer, nothing)).status).toBe(400)
      const empty = await call('POST', `/${chatId}/messages`, buyer, { content: '  ' })
      expect(codeOf(empty)).toEqual([400, 'VALIDATION_FAILED'])
      const file = { type: 'file', attachments: [{ url: '/uploads/a.pdf', size: 3 }] }
      const sent = await call('POST', `/${chatId}/messages`, buyer, file)
      expect(sent.body.data.attachments).toEqual([{ url: '/uploads/a.pdf', name: null, mime: null, size: 3 }])
    })

    test('strangers see nothing; administrators and resolvers read and write any chat', async () => {
      const { buyer, seller, escrow } = market
      const chatId = await openDirect(buyer, seller)
      for (const [method, path, body] of [
        ['GET', `/${chatId}/info`, undefined],
        ['GET', `/${chatId}/messages`, undefined],
        ['POST', `/${chatId}/messages`, { content: 'let me in' }],
        ['PATCH', `/${chatId}/messages/read`, {}],
        ['PATCH', `/${chatId}/archive`, undefined],
      ] as const) {
        expect([path, (await call(method, path, eve, body)).status]).toEqual([path, 404])
      }
      const resolver = { id: eve.id, token: await escrow.tokenFor('resolver', parseId(eve.id)) }
      expect((await call('GET', `/${chatId}/info`, resolver)).body.data.id).toBe(chatId)
      expect((await say(resolver, chatId, 'this is the resolver')).senderId).toBe(eve.id)
      expect((await call('PATCH', `/${chatId}/messages/read`, resolver, {})).status).toBe(200)
      expect(codeOf(await call('PATCH', `/${chatId}/archive`, resolver))).toEqual([
        403,
        'CHAT_NOT_A_PARTICIPANT',
      ])
    })

    test('archived chats are listed apart, and come back', async () => {
      const { buyer, seller } = market
      const chatId = await openGroup(seller, eve)
      expect((await call('PATCH', `/${chatId}/archive`, buyer)).body.data.isArchived).toBe(true)
      const ids = async (query: string) =>
        (await call('GET', query, buyer)).body.data.items.map(({ id }: { id: string }) => id)
      expect(await ids('?archived=true')).toEqual([chatId])
      expect(await ids('?archived=false')).not.toContain(chatId)
      expect((await call('PATCH', `/${chatId}/archive`, seller)).body.data.isArchived).toBe(false)
      expect(await ids('?archived=true')).toEqual([])
    })

    test('the owner says who is in a group; whoever leaves is out', async () => {
      const { buyer, seller, admin } = market
      const chatId = await openGroup(seller)
      const add = { userIds: [eve.id] }
      expect(codeOf(await call('POST', `/${chatId}/participants`, seller, add))).toEqual([
        403,
        'CHAT_NOT_MANAGED_BY_YOU',
      ])
      const added = await call('POST', `/${chatId}/participants`, buyer, add)
      expect(added.body.data.participants).toHaveLength(3)
      expect((await call('GET', `/${chatId}/info`, eve)).status).toBe(200)
      expect((await call('DELETE', `/${chatId}/participants/${eve.id}`, buyer)).status).toBe(200)
      expect((await call('GET', `/${chatId}/info`, eve)).status).toBe(404)
      expect((await call('DELETE', `/${chatId}/participants/${eve.id}`, buyer)).status).toBe(404)
      expect((await call('POST', `/${chatId}/leave`, buyer)).status).toBe(200)
      const { participants } = (await call('GET', `/${chatId}/info`, seller)).body.data
      expect(participants).toMatchObject([
        { userId: buyer.id, isActive: false },
        { userId: seller.id, role: 'owner' },
        { userId: eve.id, isActive: false },
      ])
      const direct = await openDirect(buyer, seller)
      expect(codeOf(await call('POST', `/${direct}/leave`, buyer))).toEqual([409, 'CHAT_NOT_A_GROUP'])
      expect(codeOf(await call('POST', `/${direct}/participants`, admin, add))).toEqual([
        409,
        'CHAT_NOT_A_GROUP',
      ])
    })
  })
}
