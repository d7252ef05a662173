"""Data of the worked examples that the tests reproduce. Facts, with their sources.

Montgomery: Introduction to Statistical Quality Control. NIST: NIST/SEMATECH e-Handbook of Statistical Methods.
"""

from __future__ import annotations

import numpy as np


def _table(text: str) -> list[list[float]]:
    return [[float(value) for value in row.split()] for row in text.split(",")]


#: Inside diameter of piston rings, samples of 5, in thousandths of a millimetre from 74 mm (Montgomery, table 6.3 and
#: 6.E): 25 samples to set up the charts, 15 from later.
_RINGS = """
    30 2 19 -8 8, -5 -8 1 11 4, -12 24 21 5 2, 2 -4 -7 15 9,
    -8 7 15 -11 14, 9 -6 -3 -15 -7, -5 6 -6 0 5, -15 3 -7 15 -12,
    8 -5 9 5 4, -2 0 -10 7 -5, -6 -2 -6 -5 -10, 4 0 7 0 -4,
    -17 2 -2 -3 12, 6 -33 -6 0 -16, 12 14 -2 -1 7, 0 -16 5 -2 -4,
    -6 12 -14 5 7, 6 10 18 3 0, -16 2 3 5 -3, 0 10 13 20 3,
    -12 1 9 5 -4, 4 -1 -10 6 9, 10 -11 -10 9 14, 15 8 -7 0 10,
    -18 -16 -5 17 13, 12 15 30 -14 0, -5 10 -10 15 1, -13 -1 -15 0 -10,
    8 10 3 -9 6, 3 0 1 -14 -3, -6 3 15 20 4, 8 2 18 -5 5,
    1 4 -10 -4 -2, 15 0 16 25 0, 30 5 0 16 12, 1 -10 -5 10 24,
    15 20 24 5 19, 35 10 12 15 26, 17 13 36 25 26, 10 5 29 0 20
"""
RINGS = 74 + np.array(_table(_RINGS)) / 1000

#: Nonconforming cans of orange juice in samples of 50 (Montgomery, example 7.1; NIST 6.3.3.2).
JUICE = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]

#: Nonconformities in samples of 100 printed circuit boards (Montgomery, example 7.3).
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]

#: Nonconformities in samples of 5 personal computers (Montgomery, example 7.4).
COMPUTERS = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]

#: Viscosity of aircraft primer paint, 20 batches (Montgomery, table 5.5).
VISCOSITY = [
    34.05, 34.40, 33.59, 35.96, 34.70, 33.51, 33.79, 34.04, 34.52, 33.75,
    33.27, 33.71, 34.03, 34.58, 34.02, 33.97, 34.05, 34.04, 33.73, 34.05,
]  # fmt: skip

#: Flow rate, 10 batches (NIST 6.3.2.2), and what went before them (NIST 6.3.2.4: target 50, s 2.0539, weight 0.3).
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
EWMA = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, *FLOW]

#: CUSUM with target 325, k 0.3175, h 4.1959 (NIST 6.3.2.3).
CUSUM = [
    324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6,
    324.625, 325.15, 328.325, 327.25, 327.825, 328.5, 326.675, 327.775, 326.875, 328.35,
]  # fmt: skip

#: 20 parts, each measured by 3 operators twice (Montgomery, table 8.7): the operators' pairs in a row for each part.
_GAUGE = """
    21 20 20 20 19 21, 24 23 24 24 23 24, 20 21 19 21 20 22, 27 27 28 26 27 28, 19 18 19 18 18 21,
    23 21 24 21 23 22, 22 21 22 24 22 20, 19 17 18 20 19 18, 24 23 25 23 24 24, 25 23 26 25 24 25,
    21 20 20 20 21 20, 18 19 17 19 18 19, 23 25 25 25 25 25, 24 24 23 25 24 25, 29 30 30 28 31 30,
    26 26 25 26 25 27, 20 20 19 20 20 20, 19 21 19 19 21 23, 25 26 25 24 25 25, 19 19 18 17 19 17
"""
GAUGE = np.array(_table(_GAUGE)).reshape(20, 3, 2)

#: 10 parts, each measured by 3 appraisers three times (AIAG, Measurement Systems Analysis): a row for each trial.
_AIAG = """
    0.29 -0.56 1.34 0.47 -0.80 0.02 0.59 -0.31 2.26 -1.36, 0.41 -0.68 1.17 0.50 -0.92 -0.11 0.75 -0.20 1.99 -1.25,
    0.64 -0.58 1.27 0.64 -0.84 -0.21 0.66 -0.17 2.01 -1.31,
    0.08 -0.47 1.19 0.01 -0.56 -0.20 0.47 -0.63 1.80 -1.68, 0.25 -1.22 0.94 1.03 -1.20 0.22 0.55 0.08 2.12 -1.62,
    0.07 -0.68 1.34 0.20 -1.28 0.06 0.83 -0.34 2.19 -1.50,
    0.04 -1.38 0.88 0.14 -1.46 -0.29 0.02 -0.46 1.77 -1.49, -0.11 -1.13 1.09 0.20 -1.07 -0.67 0.01 -0.56 1.45 -1.77,
    -0.15 -0.96 0.67 0.11 -1.45 -0.49 0.21 -0.49 1.87 -2.16
"""
AIAG = np.array(_table(_AIAG)).reshape(3, 3, 10).transpose(2, 0, 1)
