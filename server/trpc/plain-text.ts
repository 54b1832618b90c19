import { z } from 'zod';

/** Text that somebody wrote, without the space around it, of characters that PostgreSQL can hold. */
export function plainText(longest: number) {
  return z
    .string()
    .trim()
    .max(longest)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'Some of this text cannot be read');
}
