import { provesContract } from '../testing/contract-suite.ts';
import { stripeStage } from '../testing/stripe-stage.ts';

provesContract('stripe, through the egress of the vault', stripeStage);
