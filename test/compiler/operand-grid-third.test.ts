import { proveGrid } from './prove-grid.ts';

proveGrid(2, 3);
