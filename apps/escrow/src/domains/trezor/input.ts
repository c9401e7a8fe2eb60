import { z } from 'zod'
import { idSchema } from '../../platform/ids.ts'

const addressSchema = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'Send an EVM address: 0x and 40 hex digits.')
const xpubSchema = z.string().trim().min(1).max(200)
const signatureSchema = z.string().regex(/^0x[0-9a-fA-F]{130}$/, 'Send the 65 bytes of the signature in hex.')
/** One line: a line break would forge the lines below it in the message. */
const line = (length: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(length)
    .regex(/^[^\r\n]*$/, 'Send one line.')

export const registrationMessageSchema = z.object({ xpub: xpubSchema, registrationAddress: addressSchema })
export type RegistrationMessageQuery = z.output<typeof registrationMessageSchema>

export const registrationSchema = z.object({
  xpub: xpubSchema,
  registrationAddress: addressSchema,
  proofMessage: z.string().max(1000).optional(),
  proofSignature: signatureSchema.optional(),
  basePath: z
    .string()
    .regex(/^m\/44'\/60'\/\d{1,9}'$/, "Send the account's path, such as m/44'/60'/0'.")
    .default("m/44'/60'/0'"),
  deviceLabel: z.string().trim().min(1).max(100).optional(),
})
export type Registration = z.output<typeof registrationSchema>

export const nextAddressSchema = z.object({ purpose: line(100), paymentId: idSchema.optional() })
export type NextAddressInput = z.output<typeof nextAddressSchema>

/** Without a signature the answer tells what to sign. */
export const operationSchema = z.object({
  operation: line(100),
  reference: line(200),
  issuedAt: z.iso.datetime(),
  signature: signatureSchema.optional(),
})
export type OperationInput = z.output<typeof operationSchema>
