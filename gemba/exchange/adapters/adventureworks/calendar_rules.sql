SELECT centre || ' crew' AS calendar, shift AS rule, people AS value, begins AS start_time, ends AS end_time FROM crew
